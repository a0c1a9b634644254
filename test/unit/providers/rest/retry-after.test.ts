import { retryAfterMs } from '../../../../src/providers/rest/retry-after';

const now = Date.parse('2026-11-23T12:00:00Z');
const inSeconds = (seconds: number): string => String(now / 1_000 + seconds);

describe('how long a rate limit asks to wait', () => {
  it.each([
    ['seconds', { 'retry-after': '42' }, 42_000],
    ['a date', { 'retry-after': 'Mon, 23 Nov 2026 12:00:30 GMT' }, 30_000],
    [
      'a date by the clock of the sender',
      { 'retry-after': 'Mon, 23 Nov 2026 13:00:30 GMT', date: 'Mon, 23 Nov 2026 13:00:00 GMT' },
      30_000,
    ],
    [
      "the end of GitHub's window",
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': inSeconds(90) },
      90_000,
    ],
    ["the end of GitLab's window", { 'ratelimit-remaining': '0', 'ratelimit-reset': inSeconds(90) }, 90_000],
    [
      'the end of a window in seconds from now, as the IETF draft has it',
      { 'ratelimit-remaining': '0', 'ratelimit-reset': '90' },
      90_000,
    ],
    [
      'a minute for a secondary limit while the window has room',
      { 'x-ratelimit-remaining': '4000', 'x-ratelimit-reset': inSeconds(90) },
      60_000,
    ],
    ['a minute without a hint', {}, 60_000],
    ['a minute for nonsense', { 'retry-after': 'soon', 'x-ratelimit-reset': 'later' }, 60_000],
    ['at least a second', { 'retry-after': '0' }, 1_000],
    ['at least a second for a window that ended', { 'x-ratelimit-reset': inSeconds(-90) }, 1_000],
    ['at most an hour', { 'retry-after': '99999999' }, 3_600_000],
  ])('%s', (_name, headers, expected) => {
    expect(retryAfterMs(headers, now)).toBe(expected);
  });
});
