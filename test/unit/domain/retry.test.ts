import { delayAfterFailure, delayAfterRateLimit } from '../../../src/domain/retry';

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

describe('the wait after a rate limit', () => {
  it('is what it asks for', () => {
    expect([1, 2, 3].map((n) => delayAfterRateLimit(30_000, n))).toEqual([30_000, 30_000, 30_000]);
    expect(delayAfterRateLimit(3_600_000, 100)).toBe(3_600_000);
  });

  it('is a minute where it does not say', () => {
    expect(delayAfterRateLimit(undefined, 1)).toBe(60_000);
  });

  it('is the turn that was given, however short, unless there were many', () => {
    expect(delayAfterRateLimit(1_500, 40)).toBe(1_500);
    expect(delayAfterRateLimit(1_500, 55)).toBe(16_000);
  });

  it('grows where it asks for none, so that a day of them is a few hundred attempts', () => {
    expect([1, 2, 3, 4].map((n) => delayAfterRateLimit(0, n))).toEqual([1_000, 2_000, 4_000, 8_000]);
    let attempts = 0;
    for (let waited = 0; waited < 24 * 3_600_000; attempts++) waited += delayAfterRateLimit(0, attempts + 1);
    expect(attempts).toBeLessThan(500);
    expect(delayAfterRateLimit(0, 5_000)).toBe(300_000);
  });
});
