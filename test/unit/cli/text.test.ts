import { age, ageOf, wholeSeconds } from '../../../src/cli/text/age';
import { csvLine } from '../../../src/cli/text/csv';
import { parseDuration, parseMoment } from '../../../src/cli/text/moment';
import { plain, plainValue } from '../../../src/cli/text/plain';
import { commandLine } from '../../../src/domain/shell';
import { cutToWidth, textWidth } from '../../../src/cli/text/width';

const now = Date.parse('2026-11-28T12:00:00Z');

describe('an age', () => {
  it.each([
    [0, '0s'],
    [-5_000, '0s'],
    [119_000, '119s'],
    [330_000, '5m30s'],
    [300_000, '5m'],
    [3_600_000, '60m'],
    [4 * 3_600_000 + 300_000, '4h5m'],
    [30 * 3_600_000, '30h'],
    [3 * 86_400_000 + 7_200_000, '3d2h'],
    [90 * 86_400_000, '90d'],
  ])('of %i ms is %s', (ms, text) => {
    expect(age(ms)).toBe(text);
  });

  it('of no time, or of what is none, is empty', () => {
    expect([ageOf(undefined, now), ageOf('soon', now)]).toEqual(['', '']);
  });
});

it('a time is shown without its fraction of a second', () => {
  expect(['2026-11-28T12:00:00.123Z', '2026-11-28T12:00:00Z', undefined].map(wholeSeconds)).toEqual([
    '2026-11-28T12:00:00Z',
    '2026-11-28T12:00:00Z',
    '',
  ]);
});

describe('text of others', () => {
  it.each([
    ['a color', '\u001b[31mred\u001b[0m', '\ufffd[31mred\ufffd[0m'],
    ['a title of the window', '\u001b]0;x\u0007', '\ufffd]0;x\ufffd'],
    ['an escape of 8 bits', '\u009b31m', '\ufffd31m'],
    ['line breaks', 'a\r\nb\u2028c', 'a b c'],
    ['another direction', 'a\u202eb\u2066c', 'a\ufffdb\ufffdc'],
    ['a character without width', 'a\u200bb', 'a\ufffdb'],
    ['half a character', 'a\ud800b', 'a\ufffdb'],
    ['other languages and emoji', 'größer 版本 👩‍💻', 'größer 版本 👩‍💻'],
  ])('with %s', (_what, hostile, shown) => {
    expect(plain(hostile)).toBe(shown);
  });

  it('is made plain at any depth, in keys too', () => {
    expect(plainValue({ 'a\u001b': [{ b: '\u0007' }, 1, null, true] })).toEqual({
      'a\ufffd': [{ b: '\ufffd' }, 1, null, true],
    });
  });
});

describe('the width of a text', () => {
  it.each([
    ['abc', 3],
    ['版本', 4],
    ['e\u0301', 1],
    ['👩‍💻', 2],
  ])('%s', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  it('is cut with an ellipsis, never in the middle of a character', () => {
    expect(cutToWidth('abcdef', 4)).toBe('abc…');
    expect(cutToWidth('版本版本', 4)).toBe('版…');
    expect(cutToWidth('abc', 3)).toBe('abc');
    expect(cutToWidth('abc', 0)).toBe('');
  });
});

describe('a time of a flag', () => {
  it.each([
    ['90d', 90 * 86_400_000],
    ['1h30m', 5_400_000],
    ['2w', 14 * 86_400_000],
    ['', undefined],
    ['d', undefined],
    ['-1h', undefined],
    ['1.5h', undefined],
  ])('%s is a duration of %s ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it('lies in the past or in the future', () => {
    expect(parseMoment('--since', '1d', now, -1)).toBe('2026-11-27T12:00:00.000Z');
    expect(parseMoment('--until', '1d', now, 1)).toBe('2026-11-29T12:00:00.000Z');
    expect(parseMoment('--until', '2027-01-02T08:00:00+02:00', now, 1)).toBe('2027-01-02T06:00:00.000Z');
  });

  it.each(['2027-01-02', '2027-01-02T08:00:00', 'tomorrow', '2027-13-02T08:00:00Z', '99999999999999999d'])(
    '%s is refused: it has no time zone or is no time',
    (text) => {
      expect(() => parseMoment('--until', text, now, 1)).toThrow('--until is');
    },
  );
});

it('a cell of CSV is quoted, and is no formula', () => {
  expect(csvLine(['a', 'b,c', 'd"e', '=1+1', '@x'])).toBe(`a,"b,c","d""e",'=1+1,'@x`);
});

it('a command to copy is one that a shell takes as it is meant', () => {
  expect(commandLine(['windlass', 'approve', 'apps/shop', "it's prod", '$(reboot)'])).toBe(
    `windlass approve apps/shop 'it'\\''s prod' '$(reboot)'`,
  );
});
