import fc from 'fast-check';
import { figuresOf } from '../../../../src/domain/figures/figures';
import {
  type LaneHistory,
  laneHistory,
  type ObservedPromotion,
} from '../../../../src/domain/figures/lane-history';
import { type ObservedPipeline } from '../../../../src/domain/figures/lead-times';
import { spreadOf } from '../../../../src/domain/figures/spread';
import { waitingAges } from '../../../../src/domain/figures/waiting-ages';
import { weekMs, weekStarts } from '../../../../src/domain/figures/weeks';
import { decisionKinds, outcomeKinds } from '../../../../src/domain/record/audit-record';
import { laneViewOf, waiting } from '../../../support/lane-views';

const hour = 3_600_000;
/** A Saturday. */
const noon = Date.UTC(2026, 10, 28, 12);
const monday = Date.UTC(2026, 10, 23);
const range = { weeks: weekStarts(noon, 4), until: noon };

const history = (promotions: readonly ObservedPromotion[], rest: Partial<LaneHistory> = {}): LaneHistory => ({
  promotions,
  restored: [],
  ...rest,
});
const deployed = (
  version: string,
  hoursAgo: number,
  rest: Partial<ObservedPromotion> = {},
): ObservedPromotion => ({
  version,
  at: noon - hoursAgo * hour,
  deployedAt: noon - hoursAgo * hour,
  ...rest,
});
const pipeline = (lanes: Readonly<Record<string, LaneHistory>>): ObservedPipeline => ({
  environments: ['dev', 'staging', 'prod'],
  lanes: new Map(Object.entries(lanes)),
});

describe('weeks', () => {
  it('begin on Monday, and the last one has the time that is asked for', () => {
    expect(weekStarts(noon, 2)).toEqual([monday - weekMs, monday]);
    expect(weekStarts(monday, 1)).toEqual([monday]);
    expect(weekStarts(monday - 1, 1)).toEqual([monday - weekMs]);
  });

  it('count a promotion where it began and a deployment where it was made', () => {
    const crossing = { version: '1.0.0', at: monday - 1, deployedAt: monday };
    const { weeks } = figuresOf([pipeline({ prod: history([crossing]) })], range);
    expect(weeks.slice(-2).map(({ promotions, deployments }) => [promotions, deployments])).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  it('leave out what is older or later', () => {
    const { total, endToEnd, hops } = figuresOf(
      [pipeline({ prod: history([deployed('1.0.0', 24 * 40), deployed('1.1.0', -1)]) })],
      range,
    );
    expect(total).toEqual({ promotions: 0, failed: 0, deployments: 0, rolledBack: 0 });
    expect([endToEnd.unmeasured, hops]).toEqual([0, []]);
  });

  it('say how many lanes remember all of them', () => {
    const lanes = { staging: history([], { forgotBefore: monday }), prod: history([]) };
    const { weeks, completeSince } = figuresOf([pipeline(lanes)], range);
    expect(weeks.map(({ wholeLanes }) => wholeLanes)).toEqual([1, 1, 1, 1]);
    expect(completeSince).toBe(monday);
  });
});

describe('lead times', () => {
  it('of a hop begin when the environment before reported the version', () => {
    const { hops } = figuresOf(
      [pipeline({ prod: history([deployed('1.0.0', 1, { reportedAt: noon - 4 * hour })]) })],
      range,
    );
    expect(hops).toEqual([
      { environment: 'prod', count: 1, median: 10_800, percentile90: 10_800, unmeasured: 0 },
    ]);
  });

  it('of a hop begin with the deployment before it, where nothing else is recorded', () => {
    const lanes = { staging: history([deployed('1.0.0', 6)]), prod: history([deployed('1.0.0', 1)]) };
    const { hops } = figuresOf([pipeline(lanes)], range);
    expect(hops.map(({ environment, median, unmeasured }) => [environment, median, unmeasured])).toEqual([
      ['staging', undefined, 1],
      ['prod', 5 * 3_600, 0],
    ]);
  });

  it('from end to end begin with the report of the first environment', () => {
    const lanes = {
      staging: history([deployed('1.0.0', 6, { reportedAt: noon - 8 * hour })]),
      prod: history([deployed('1.0.0', 1, { reportedAt: noon - 6 * hour }), deployed('1.1.0', 0)]),
    };
    expect(figuresOf([pipeline(lanes)], range).endToEnd).toMatchObject({
      count: 1,
      median: 7 * 3_600,
      unmeasured: 1,
    });
  });

  it('do not count rollbacks', () => {
    const back = deployed('1.0.0', 1, { reportedAt: noon - 2 * hour, rollback: true });
    const { hops, total } = figuresOf([pipeline({ prod: history([back]) })], range);
    expect([hops, total.deployments]).toEqual([[], 0]);
  });

  it('are known by hop without the order of environments, and not from end to end', () => {
    const lane = history([deployed('1.0.0', 1, { reportedAt: noon - 2 * hour })]);
    const { hops, endToEnd } = figuresOf([{ environments: [], lanes: new Map([['prod', lane]]) }], range);
    expect([hops[0]?.count, endToEnd.count]).toEqual([1, 0]);
  });
});

describe('a spread', () => {
  it('is a median and what nine of ten do not exceed, in seconds', () => {
    const durations = Array.from({ length: 11 }, (_, index) => index * 1_000);
    expect(spreadOf(durations)).toEqual({ count: 11, median: 5, percentile90: 9 });
    expect(spreadOf([])).toEqual({ count: 0 });
    expect(spreadOf([-5_000])).toEqual({ count: 1, median: 0, percentile90: 0 });
  });

  it('lies between the shortest and the longest, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1e10), { minLength: 1 }), (durations) => {
        const { median = NaN, percentile90 = NaN } = spreadOf(durations);
        expect(spreadOf(durations.toReversed())).toEqual(spreadOf(durations));
        expect(median).toBeGreaterThanOrEqual(Math.floor(Math.min(...durations) / 1_000));
        expect(percentile90).toBeGreaterThanOrEqual(median);
        expect(percentile90).toBeLessThanOrEqual(Math.ceil(Math.max(...durations) / 1_000));
      }),
    );
  });
});

describe('whatever lanes have recorded', () => {
  const records = fc.array(
    fc.record({
      kind: fc.constantFrom(...decisionKinds, ...outcomeKinds),
      version: fc.constantFrom('1.0.0', '1.1.0', 'v1.1.0', '2.0.0'),
      at: fc.integer({ min: noon - 5 * weekMs, max: noon }),
      reportedAt: fc.integer({ min: noon - 5 * weekMs, max: noon }),
    }),
    { maxLength: 40 },
  );
  const pipelines = fc.array(
    fc
      .dictionary(
        fc.constantFrom('staging', 'prod', 'gone'),
        records.map((each) => laneHistory({ records: each })),
      )
      .map(pipeline),
    { maxLength: 4 },
  );

  it('the order of Pipelines does not matter', () => {
    fc.assert(
      fc.property(pipelines, (some) => {
        expect(figuresOf(some.toReversed(), range)).toEqual(figuresOf(some, range));
      }),
    );
  });

  it('no part is greater than its whole, and weeks add up', () => {
    fc.assert(
      fc.property(pipelines, (some) => {
        const { weeks, total } = figuresOf(some, range);
        for (const { promotions, failed, deployments, rolledBack } of [total, ...weeks]) {
          expect(failed).toBeLessThanOrEqual(promotions);
          expect(rolledBack).toBeLessThanOrEqual(deployments);
        }
        expect(weeks.reduce((sum, week) => sum + week.deployments, 0)).toBe(total.deployments);
      }),
    );
  });

  it('more weeks never show less', () => {
    fc.assert(
      fc.property(pipelines, (some) => {
        const longer = figuresOf(some, { ...range, weeks: weekStarts(noon, 6) }).total;
        expect(longer.promotions).toBeGreaterThanOrEqual(figuresOf(some, range).total.promotions);
      }),
    );
  });
});

it('what waits has an age, and the oldest has a name', () => {
  const lanes = [
    laneViewOf({ acting: waiting('1.1.0', noon - 2 * hour) }),
    laneViewOf({ environment: 'staging', acting: waiting('1.2.0', noon - 40 * 24 * hour) }),
    laneViewOf({ environment: 'dev', acting: { ...waiting('1.0.0', 0), action: 'withdraw' } }),
    laneViewOf({ environment: 'qa' }),
  ];
  const { count, oldest, ages } = waitingAges(lanes, noon);
  expect([count, oldest?.version, oldest?.environment]).toEqual([2, '1.2.0', 'staging']);
  expect(ages.map((each) => each.count)).toEqual([0, 1, 0, 0, 1]);
});
