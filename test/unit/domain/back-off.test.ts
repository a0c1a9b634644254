import { backOffMs } from '../../../src/domain/back-off';

const waits = (firstMs: number, longestMs: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => backOffMs({ firstMs, longestMs }, index + 1));

describe('the n-th wait', () => {
  it('doubles up to the longest', () => {
    expect(waits(250, 1_500, 5)).toEqual([250, 500, 1_000, 1_500, 1_500]);
  });

  it('is never longer than the longest, not even the first', () => {
    expect(waits(10, 5, 2)).toEqual([5, 5]);
  });

  it('is the longest after any number of failures', () => {
    expect(backOffMs({ firstMs: 1, longestMs: 60_000 }, 1_000_000)).toBe(60_000);
  });
});
