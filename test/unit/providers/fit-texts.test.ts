import fc from 'fast-check';
import { fitTexts } from '../../../src/providers/fit-texts';

const limits = { title: 20, body: 100 };

describe('texts for a provider', () => {
  it('stay as they are where they fit', () => {
    const texts = { title: 'x'.repeat(20), body: 'y'.repeat(100) };
    expect(fitTexts(texts, limits)).toEqual(texts);
  });

  it('say that they were truncated', () => {
    const { title, body } = fitTexts({ title: 'x'.repeat(21), body: 'y'.repeat(101) }, limits);
    expect(title).toMatch(/^x+…$/);
    expect(body).toMatch(/^y+\n\n… \(truncated: .*\)$/);
  });

  it('never exceed the limits nor hold half a character, and stay the same when cut again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const once = fitTexts({ title: text, body: text }, limits);
        expect(once.title.length).toBeLessThanOrEqual(limits.title);
        expect(once.body.length).toBeLessThanOrEqual(limits.body);
        // Half of a pair would not survive UTF-8.
        expect(Buffer.from(once.title + once.body).toString()).toBe(once.title + once.body);
        expect(fitTexts(once, limits)).toEqual(once);
      }),
    );
  });
});
