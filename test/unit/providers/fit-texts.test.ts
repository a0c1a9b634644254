import fc from 'fast-check';
import { fitBody, fitLine } from '../../../src/providers/fit-texts';

describe('texts for a provider', () => {
  it('stay as they are where they fit', () => {
    expect(fitLine('x'.repeat(20), 20)).toBe('x'.repeat(20));
    expect(fitBody('y'.repeat(100), 100)).toBe('y'.repeat(100));
  });

  it('say that they were truncated', () => {
    expect(fitLine('x'.repeat(21), 20)).toMatch(/^x+…$/);
    expect(fitBody('y'.repeat(101), 100)).toMatch(/^y+\n\n… \(truncated: .*\)$/);
  });

  it.each([
    ['line', fitLine, 20],
    ['body', fitBody, 100],
  ])(
    'never exceed that of a %s nor hold half a character, and stay the same when cut',
    (_what, fit, limit) => {
      fc.assert(
        fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
          const once = fit(text, limit);
          expect(once.length).toBeLessThanOrEqual(limit);
          // Half of a pair would not survive UTF-8.
          expect(Buffer.from(once).toString()).toBe(once);
          expect(fit(once, limit)).toBe(once);
        }),
      );
    },
  );
});
