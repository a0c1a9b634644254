import fc from 'fast-check';
import { newDescription, updatedDescription } from '../../../src/providers/description';
import { htmlComments, linkDefinitions } from '../../../src/providers/hidden-marks';

const limit = 10_000;
const old = 'Brings app to 1.1.0.\n\n- `a.yaml` line 1\n\napps/app/prod\n';
const text = old.replace('1.1.0', '1.2.0');
const update = (present: string): string => updatedDescription(present, text, limit);
const own = newDescription(text, limit);

describe('the description of a pull request', () => {
  it('holds the text between marks that no reader sees', () => {
    expect(own).toBe(`<!-- windlass:begin -->\n${text.trim()}\n<!-- windlass:end -->`);
  });

  it.each([
    ['below', '', '\n\n- [x] asked the customer\n'],
    ['above', 'Please wait for Ada.\n\n', ''],
    ['above and below, with line ends of a browser', 'One\r\n', '\r\n\r\nTwo'],
    ['with marks that were copied', '', `\n\n${newDescription(old, limit)}`],
  ])('keeps what people wrote %s', (_where, before, after) => {
    expect(update(`${before}${newDescription(old, limit)}${after}`)).toBe(`${before}${own}${after}`);
  });

  it('keeps nothing of its own earlier text, which a browser saved', () => {
    expect(update(newDescription(old, limit).replaceAll('\n', '\r\n'))).toBe(own);
  });

  it.each([
    ['without marks', old],
    ['without the second mark', `<!-- windlass:begin -->\n${old}`],
    ['without marks, from a browser', old.replaceAll('\n', '\r\n')],
  ])('knows a text %s by its last line', (_what, present) => {
    expect(update(present)).toBe(own);
    expect(update(`${present}\nLook at the dashboard first.`)).toBe(`${own}\n\nLook at the dashboard first.`);
  });

  it('goes before a text that a person wrote instead', () => {
    expect(update('Do not merge before Monday.')).toBe(`${own}\n\nDo not merge before Monday.`);
  });

  it('leaves one alone that has no room', () => {
    const full = `${newDescription(old, limit)}${'x'.repeat(limit)}`.slice(0, limit);
    expect(update(full)).toBe(full);
  });

  it('is cut where people leave little room, and not what they wrote', () => {
    const long = `${'line\n'.repeat(limit)}\napps/app/prod\n`;
    const cut = updatedDescription(`${own}\n\nwritten by a person`, long, limit);
    expect(cut.length).toBeLessThanOrEqual(limit);
    expect(cut.length).toBeGreaterThan(limit - 'line\n'.length);
    expect(cut).toMatch(
      /\(truncated: .*\)\n\napps\/app\/prod\n<!-- windlass:end -->\n\nwritten by a person$/,
    );
  });

  it('has an empty line before each mark where HTML would be shown as text', () => {
    expect(newDescription(text, limit, linkDefinitions)).toBe(
      `[//]: # (windlass:begin)\n\n${text.trim()}\n\n[//]: # (windlass:end)`,
    );
  });

  it.each([htmlComments, linkDefinitions])('is the same when it is updated again, with $blank', (marks) => {
    const [begin, end] = [marks.mark('windlass:begin'), marks.mark('windlass:end')];
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.constantFrom(begin, end, begin.slice(0, 14), begin.slice(14), '\n'),
    );
    const words = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(words, words, (present, wanted) => {
        const once = updatedDescription(present, wanted, limit, marks);
        expect(updatedDescription(once, wanted, limit, marks)).toBe(once);
      }),
    );
  });
});
