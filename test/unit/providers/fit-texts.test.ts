import fc from 'fast-check';
import { fitBody, fitDescription, fitLine } from '../../../src/providers/fit-texts';

describe('texts for a provider', () => {
  it('stay as they are where they fit', () => {
    expect(fitLine('x'.repeat(20), 20)).toBe('x'.repeat(20));
    expect(fitBody('y'.repeat(100), 100)).toBe('y'.repeat(100));
  });

  it('say that they were truncated', () => {
    expect(fitLine('x'.repeat(21), 20)).toMatch(/^x+…$/);
    expect(fitBody('y'.repeat(101), 100)).toMatch(/^y+\n\n… \(truncated: .*\)$/);
  });

  it('keep the line by which they are found, and whole lines and words above it', () => {
    const lines = `${'one two\n'.repeat(40)}\nteam/apps/prod\n`;
    expect(fitDescription(lines, 100)).toMatch(
      /^(one two\n)+one two\n\n… \(truncated: .*\)\n\nteam\/apps\/prod$/,
    );
    const words = `${'one two '.repeat(40)}\n\nteam/apps/prod`;
    expect(fitDescription(words, 100)).toMatch(
      /^(one two )+one( two)?\n\n… \(truncated: .*\)\n\nteam\/apps\/prod$/,
    );
  });

  it.each([
    ['line', fitLine, 20],
    ['body', fitBody, 100],
    ['description', fitDescription, 100],
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
