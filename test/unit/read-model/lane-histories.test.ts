import { type AuditRecord } from '../../../src/domain/record/audit-record';
import { LaneHistories } from '../../../src/read-model/lane-histories';
import { laneViewOf } from '../../support/lane-views';

const noon = Date.UTC(2026, 10, 28, 12);
const lane = (environment: string) => laneViewOf({ environment, recordedAt: noon });
const deployed = (version: string): AuditRecord => ({ kind: 'deployed', version, at: noon });

it('holds no more than its room, keeps what it has, and says so', async () => {
  const asked: string[] = [];
  const histories = new LaneHistories({
    ask: (_pipeline, environment) => {
      asked.push(environment);
      return Promise.resolve({ records: [deployed('1.0.0')] });
    },
    now: () => noon,
    // Of two lanes.
    mostBytes: 1_400,
  });
  const lanes = ['a', 'b', 'c'].map(lane);
  const first = await histories.read(lanes, 1_000, true);
  expect([first.current, first.silence]).toEqual([2, 'memory']);
  expect(lanes.map((each) => first.of(each)?.promotions.length)).toEqual([1, 1, undefined]);
  await histories.read(lanes, 1_000, true);
  expect(asked).toEqual(['a', 'b', 'c']);
  // Where one disappears, there is room for another.
  const left = lanes.slice(1);
  histories.keep(left);
  expect((await histories.read(left, 1_000, true)).current).toBe(2);
});

it('answers with what it has while lanes are asked, and has the rest later', async () => {
  let answer = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const histories = new LaneHistories({
    ask: async (_pipeline, environment) => {
      if (environment === 'slow') await gate;
      return { records: [deployed('1.0.0')] };
    },
    now: () => noon,
  });
  const lanes = [lane('quick'), lane('slow')];
  const early = await histories.read(lanes, 0, true);
  expect([early.current, early.silence]).toEqual([1, undefined]);
  const late = histories.read(lanes, 10_000, true);
  answer();
  expect((await late).current).toBe(2);
});

it('asks no lane while no worker polls', async () => {
  const ask = jest.fn(() => Promise.resolve({ records: [] }));
  const histories = new LaneHistories({ ask, now: () => noon });
  expect(await histories.read([lane('prod')], 1_000, false)).toMatchObject({
    current: 0,
    silence: 'no-answer',
  });
  expect(ask).not.toHaveBeenCalled();
});

it('takes from records only what is one', async () => {
  const histories = new LaneHistories({
    ask: () =>
      Promise.resolve({
        records: [
          { kind: 'deployed', version: '1.0.0', at: Infinity },
          'x',
          deployed('1.0.0'),
        ] as AuditRecord[],
        forgotBefore: NaN,
      }),
    now: () => noon,
  });
  const view = lane('prod');
  const history = (await histories.read([view], 1_000, true)).of(view);
  expect([history?.promotions.length, history?.forgotBefore]).toEqual([1, undefined]);
});
