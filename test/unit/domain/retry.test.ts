import { delayAfterFailure } from '../../../src/domain/retry';

const waits = (delayMs: number, maxDelayMs: number, threshold: number) =>
  Array.from({ length: threshold }, (_, n) => delayAfterFailure({ delayMs, maxDelayMs, threshold }, n + 1));

describe('the wait after a failed attempt', () => {
  it('doubles up to the maximum: 2, 4, 8, 15, 15, 15 for 2 and 15', () => {
    expect(waits(2_000, 15_000, 7)).toEqual([2_000, 4_000, 8_000, 15_000, 15_000, 15_000, undefined]);
  });

  it('doubles whatever the delay is', () => {
    expect(waits(3_000, 20_000, 5)).toEqual([3_000, 6_000, 12_000, 20_000, undefined]);
  });

  it('never comes after the last attempt', () => {
    expect(waits(2_000, 15_000, 1)).toEqual([undefined]);
    expect(delayAfterFailure({ delayMs: 1, maxDelayMs: 1, threshold: 3 }, 4)).toBeUndefined();
  });

  it('is the maximum from the start where that is below the delay', () => {
    expect(waits(20_000, 5_000, 3)).toEqual([5_000, 5_000, undefined]);
  });

  it('stays a number after thousands of failures, even without delay', () => {
    const endless = { maxDelayMs: 15_000, threshold: 1_000_000 };
    expect(delayAfterFailure({ ...endless, delayMs: 2_000 }, 5_000)).toBe(15_000);
    expect(delayAfterFailure({ ...endless, delayMs: 0 }, 5_000)).toBe(0);
  });
});
