/** What figures ask of lanes, what they show to whom, and what they say of gaps. */
import { type HandlerParts } from '../../../src/api/operator/handlers/handler-parts';
import { type LaneView } from '../../../src/domain/lane/lane-view';
import { type AuditRecord } from '../../../src/domain/record/audit-record';
import { type KeptRecords } from '../../../src/domain/record/record-list';
import { figures, type FiguresAnswer } from '../../../src/operator/schemas/figures';
import { NoWorkerAnswers } from '../../../src/temporal/operator-acts';
import { eventually } from '../../support/eventually';
import { laneViewOf, waiting } from '../../support/lane-views';
import {
  all,
  FakeLanes,
  operatorActs,
  type RunningOperatorApi,
  startTestOperatorApi,
  tokenOf,
} from '../../support/operator-api-server';

const hour = 3_600_000;
const noon = Date.UTC(2026, 10, 28, 12);
const pipeline = { namespace: 'pipelines', name: 'my-app' };
const deployed = (version: string, at = noon - hour): AuditRecord => ({
  kind: 'deployed',
  version,
  at,
  reportedAt: at - 2 * hour,
});

let api: RunningOperatorApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

/** @param answer of the lane into an environment of `pipelines/my-app` */
async function start(
  views: readonly Partial<LaneView>[],
  answer: (environment: string) => Promise<KeptRecords>,
  parts: Partial<HandlerParts> = {},
): Promise<{ readonly asked: string[]; readonly lanes: FakeLanes }> {
  const asked: string[] = [];
  const lanes = new FakeLanes();
  for (const view of views) lanes.put(laneViewOf({ pipeline, recordedAt: noon, ...view }));
  api = await startTestOperatorApi({
    lanes,
    now: () => noon,
    acts: operatorActs({
      keptRecords: (_pipeline, environment) => {
        asked.push(environment);
        return answer(environment);
      },
    }),
    ...parts,
  });
  await eventually(() => [...api!.model.lanes()].length === views.length);
  return { asked, lanes };
}

async function read(query = '', token = all): Promise<FiguresAnswer> {
  const response = await api!.request('GET', `/figures${query}`, { token });
  return figures.parse(await response.json());
}

it('is read once at a time by a person, and by three at once', async () => {
  const { promise: opened, resolve: open } = Promise.withResolvers<undefined>();
  let asking = 0;
  const allows = async () => {
    asking += 1;
    await opened;
    return true;
  };
  const authenticate = (name = '') =>
    Promise.resolve({ known: true, caller: { name, groups: [], via: 'token' } } as const);
  await start([], () => Promise.resolve({ records: [] }), { access: { allows, authenticate } });
  const ask = (name: string) => api!.request('GET', '/figures', { token: name });
  const first = ['ada', 'bob', 'eve'].map(ask);
  await eventually(() => asking >= 3);
  const refused = [await ask('ada'), await ask('jo')];
  expect(refused.map(({ status }) => status)).toEqual([429, 429]);
  open(undefined);
  expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200, 200]);
  expect((await ask('ada')).status).toBe(200);
});

it('answers lead times, counts by week, and what waits', async () => {
  await start([{ acting: waiting('1.1.0', noon - hour) }], () =>
    Promise.resolve({ records: [deployed('1.0.0')] }),
  );
  const answer = await read('?weeks=3');
  expect(answer.hops).toEqual([
    { environment: 'prod', count: 1, median: 7_200, percentile90: 7_200, unmeasured: 0 },
  ]);
  expect(
    answer.weeks.map(({ start: at, deployments, complete }) => [at.slice(0, 10), deployments, complete]),
  ).toEqual([
    ['2026-11-09', 0, true],
    ['2026-11-16', 0, true],
    ['2026-11-23', 1, true],
  ]);
  expect(answer.total).toMatchObject({ deployments: 1, rolledBack: 0, rolledBackShare: 0 });
  expect(answer.waiting).toMatchObject({
    count: 1,
    median: 3_600,
    oldest: { version: '1.1.0', environment: 'prod' },
  });
  expect(answer.coverage).toMatchObject({ lanes: 1, read: 1 });
});

it('asks a lane again only after it has recorded something', async () => {
  const { asked, lanes } = await start([{}, { environment: 'dev' }], () => Promise.resolve({ records: [] }));
  await read();
  await read();
  expect(asked.toSorted()).toEqual(['dev', 'prod']);
  lanes.put(laneViewOf({ pipeline, changedAt: Date.now(), recordedAt: noon + 1 }));
  await eventually(() => api!.model.lane(pipeline, 'prod')?.recordedAt === noon + 1);
  await read();
  expect(asked.toSorted()).toEqual(['dev', 'prod', 'prod']);
});

it('asks no lane that has recorded nothing', async () => {
  const { asked } = await start([{}], () => Promise.resolve({ records: [] }));
  const silent = laneViewOf({ pipeline, environment: 'dev' });
  expect(silent.recordedAt).toBeUndefined();
  expect((await read()).coverage).toMatchObject({ lanes: 1, read: 1 });
  expect(asked).toEqual(['prod']);
});

it('says from when on all records are there, and which weeks lack some', async () => {
  const forgotBefore = Date.UTC(2026, 10, 18);
  await start([{}], () => Promise.resolve({ records: [deployed('1.0.0')], forgotBefore }));
  const { weeks, coverage } = await read('?weeks=3');
  expect(weeks.map(({ complete }) => complete)).toEqual([false, false, true]);
  expect(coverage.completeSince).toBe('2026-11-18T00:00:00.000Z');
});

it('says how many lanes it is about where none answers, and asks a few', async () => {
  const environments = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'].map((environment) => ({
    environment,
  }));
  const { asked } = await start(environments, () =>
    Promise.reject(new NoWorkerAnswers('No worker answers.')),
  );
  const { coverage, weeks } = await read();
  expect(coverage).toMatchObject({ lanes: 10, read: 0, silence: 'no-answer' });
  expect(weeks.every(({ complete }) => !complete)).toBe(true);
  expect(asked.length).toBeLessThan(10);
});

it('a lane that never answers keeps no other from being read', async () => {
  const environments = ['a', 'b', 'c', 'd', 'e'].map((environment) => ({ environment }));
  await start(environments, (environment) =>
    environment === 'a' ? Promise.reject(new Error('It is broken.')) : Promise.resolve({ records: [] }),
  );
  expect((await read()).coverage.read).toBe(4);
});

it('is about what the caller sees and asks for', async () => {
  await start([{}, { pipeline: { namespace: 'other', name: 'secret' } }], () =>
    Promise.resolve({ records: [] }),
  );
  expect((await read()).coverage.lanes).toBe(2);
  expect((await read('', tokenOf('ada', ['get'], 'pipelines'))).coverage.lanes).toBe(1);
  expect((await read('?pipeline=other/secret', tokenOf('ada', ['get'], 'pipelines'))).coverage.lanes).toBe(0);
  expect((await read('?namespace=other')).coverage.lanes).toBe(1);
  expect((await read('?pipeline=pipelines/my-app')).coverage.lanes).toBe(1);
  expect((await read('?label=team=none')).coverage.lanes).toBe(0);
});

it.each(['weeks=0', 'weeks=105', 'weeks=x', 'until=yesterday', 'pipeline=shop'])(
  'refuses %s',
  async (query) => {
    await start([], () => Promise.resolve({ records: [] }));
    expect((await api!.request('GET', `/figures?${query}`, { token: all })).status).toBe(400);
  },
);

it.each(['0001-01-01T00:00:00Z', '9999-12-31T23:59:59-23:59'])('has dates until %s', async (until) => {
  await start([], () => Promise.resolve({ records: [] }));
  expect((await read(`?weeks=104&until=${encodeURIComponent(until)}`)).weeks).toHaveLength(104);
});
