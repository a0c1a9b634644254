/** The rule as a whole, with the workers' own code: how fast a storm ends, and whether it is fair. */
import fc from 'fast-check';
import {
  simulate,
  type SimulatedStorm,
  type SimulationResult,
  type VisitKind,
} from '../../../support/budget/simulated-storm';

const second = 1_000;
const minute = 60 * second;

const opening: VisitKind = {
  name: 'open',
  visits: 500,
  most: { requests: 8, changes: 3 },
  takes: [5, 6, 4, 7],
  everyMs: 100,
  beforeMs: 1_500,
};
const merging: VisitKind = {
  name: 'merge',
  visits: 500,
  most: { requests: 8, changes: 1 },
  takes: [3, 4],
  everyMs: second,
  beforeMs: 0,
};
/** Small ones, which could slip in before the large ones or wait behind them forever. */
const looking: VisitKind = {
  name: 'look',
  visits: 500,
  most: { requests: 2, changes: 0 },
  takes: [1, 2],
  everyMs: 5 * second,
  beforeMs: 0,
};

const usable = (limit: number): number => limit - Math.ceil(limit * 0.05);

/** How long the requests take if each window is used to the end. */
function idealMs({ limit, windowMs }: SimulatedStorm, requests: number): number {
  return Math.ceil(requests / usable(limit)) * windowMs;
}

/** How much later a visit ended than when all that began before it, and it, would have been done at the least. */
function latenessOf(storm: SimulatedStorm, { records }: SimulationResult): number {
  const first = Math.min(...records.map(({ beganAt }) => beganAt));
  const late = records.map(({ beganAt, endedAt, requestsBefore }) => {
    const fair = Math.max(beganAt, first + idealMs(storm, requestsBefore));
    return endedAt - fair;
  });
  return Math.max(...late);
}

it('500 visits of each kind end nearly as early as the limit allows, in turn, and none is refused', async () => {
  const storm: SimulatedStorm = {
    workers: 3,
    slots: 20,
    limit: 60,
    windowMs: minute,
    latencyMs: 100,
    kinds: [opening, merging, looking],
  };
  const result = await simulate(storm);
  const { violations, requests, tookMs, records, asks } = result;
  expect(violations).toBe(0);
  expect(records).toHaveLength(1_500);
  expect(requests).toBe(5_250);
  const ideal = idealMs(storm, requests);
  expect(tookMs).toBeLessThan(1.15 * ideal);
  expect(latenessOf(storm, result)).toBeLessThan(0.2 * ideal);
  // What it costs: a promotion's history grows each time that it is sent away, the budget's with each ask.
  expect(records.reduce((sum, { returns }) => sum + returns, 0) / records.length).toBeLessThan(3);
  expect(Math.max(...records.map(({ returns }) => returns))).toBeLessThan(10);
  expect(asks / records.length).toBeLessThan(6);
}, 120_000);

const kinds = fc
  .uniqueArray(fc.constantFrom(opening, merging, looking), { minLength: 1 })
  .chain((chosen) =>
    fc.tuple(
      ...chosen.map((kind) =>
        fc
          .record({ visits: fc.integer({ min: 1, max: 25 }), beforeMs: fc.integer({ min: 0, max: 5_000 }) })
          .map((rest): VisitKind => ({ ...kind, ...rest })),
      ),
    ),
  );

const stormsOf = (limits: fc.Arbitrary<number>) =>
  fc.record({
    workers: fc.integer({ min: 1, max: 5 }),
    slots: fc.integer({ min: 2, max: 20 }),
    limit: limits,
    windowMs: fc.integer({ min: 5, max: 120 }).map((seconds) => seconds * second),
    latencyMs: fc.integer({ min: 1, max: 400 }),
    kinds,
  });

it('whatever the storm, no request is refused, and every visit ends', async () => {
  await fc.assert(
    fc.asyncProperty(stormsOf(fc.integer({ min: 20, max: 200 })), async (storm) => {
      const { violations, records } = await simulate(storm);
      expect(violations).toBe(0);
      expect(records).toHaveLength(storm.kinds.reduce((sum, { visits }) => sum + visits, 0));
    }),
    { numRuns: 20 },
  );
}, 120_000);

// Where a window has room for two visits only, what the second leaves is lost: no service has a limit that is so low.
it('no visit waits for more than its share where a window has room for several', async () => {
  await fc.assert(
    fc.asyncProperty(stormsOf(fc.integer({ min: 50, max: 200 })), async (storm) => {
      const result = await simulate(storm);
      const began = Math.max(...result.records.map(({ beganAt }) => beganAt - result.startedAt));
      const ideal = idealMs(storm, result.requests) + began;
      // A window more is lost by what is reserved and not spent, and by the whole seconds of its end.
      expect(latenessOf(storm, result)).toBeLessThan(0.4 * ideal + 2 * storm.windowMs + minute);
    }),
    { numRuns: 20 },
  );
}, 120_000);
