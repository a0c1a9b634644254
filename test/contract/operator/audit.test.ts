/** What an audit asks of lanes, what it holds meanwhile, and what it says of gaps. */
import { type HandlerParts } from '../../../src/api/operator/handlers/handler-parts';
import { type AuditRecord } from '../../../src/domain/record/audit-record';
import { type KeptRecords } from '../../../src/domain/record/record-list';
import { audit, type Audit } from '../../../src/operator/schemas/audit';
import { NewestRecords } from '../../../src/read-model/audit-entries';
import { NoWorkerAnswers, type OperatorActs } from '../../../src/temporal/operator-acts';
import { TemporalUnavailable } from '../../../src/temporal/lane-reporter';
import { eventually } from '../../support/eventually';
import { laneViewOf } from '../../support/lane-views';
import {
  all,
  FakeLanes,
  type RunningOperatorApi,
  startTestOperatorApi,
  tokenOf,
} from '../../support/operator-api-server';

const hour = 3_600_000;
const noon = Date.UTC(2026, 10, 28, 12);
const at = (ms: number): string => new Date(ms).toISOString();
const approved = (ms: number, version = '1.0.0'): AuditRecord => ({ kind: 'approved', at: ms, version });

let api: RunningOperatorApi | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

/** @param answer of the lane into an environment of `pipelines/my-app` */
async function start(
  environments: readonly string[],
  answer: (environment: string) => Promise<KeptRecords | undefined>,
  { view = {}, ...parts }: Partial<HandlerParts> & { readonly view?: Parameters<typeof laneViewOf>[0] } = {},
): Promise<{ readonly asked: string[] }> {
  const asked: string[] = [];
  const lanes = new FakeLanes();
  const pipeline = { namespace: 'pipelines', name: 'my-app' };
  for (const environment of environments) lanes.put(laneViewOf({ pipeline, environment, ...view }));
  const unexpected = () => Promise.reject(new Error('It is not expected.'));
  const acts: OperatorActs = {
    laneState: unexpected,
    records: unexpected,
    keptRecords: (_pipeline, environment) => {
      asked.push(environment);
      return answer(environment);
    },
    act: unexpected,
    approve: unexpected,
    approveManual: unexpected,
    reject: unexpected,
    override: unexpected,
    record: unexpected,
    taken: unexpected,
  };
  api = await startTestOperatorApi({ lanes, acts, ...parts });
  await eventually(() => [...api!.model.lanes()].length === environments.length);
  return { asked };
}

async function read(query = '', token = all): Promise<Audit> {
  const response = await api!.request('GET', `/audit${query}`, { token });
  return audit.parse(await response.json());
}

it('the newest records of all lanes are answered, and that there are more', async () => {
  await start(['dev', 'prod'], (environment) =>
    Promise.resolve({ records: [approved(noon + (environment === 'dev' ? 1 : 2)), approved(noon)] }),
  );
  const answer = await read('?limit=2');
  expect(answer.records.map(({ environment }) => environment)).toEqual(['prod', 'dev']);
  expect(answer.complete).toBe(false);
  expect((await read('?limit=4')).complete).toBe(true);
});

it('no more records are held than are answered, and some', () => {
  const newest = new NewestRecords({ limit: 5 });
  for (let n = 0; n < 100; n += 1) {
    newest.add(
      { namespace: 'apps' },
      Array.from({ length: 200 }, (_, m) => approved(noon + n * 1_000 + m)),
    );
  }
  const { records, complete } = newest.take();
  expect(records.map((each) => Date.parse(each.at) - noon)).toEqual([99_199, 99_198, 99_197, 99_196, 99_195]);
  expect(complete).toBe(false);
});

it('one person reads one audit at once, and three read at once in all', async () => {
  let open = (): void => undefined;
  const gate = new Promise<KeptRecords>((resolve) => {
    open = () => resolve({ records: [] });
  });
  const { asked } = await start(['prod'], () => gate);
  const person = (name: string): string => tokenOf(name, ['get']);
  const ask = (name: string) => api!.request('GET', '/audit', { token: person(name) });
  const first = ['ada', 'bob', 'eve'].map(ask);
  await eventually(() => asked.length === 3);
  const refused = [await ask('ada'), await ask('jo')];
  expect(refused.map(({ status }) => status)).toEqual([429, 429]);
  open();
  expect((await Promise.all(first)).map(({ status }) => status)).toEqual([200, 200, 200]);
  expect((await ask('ada')).status).toBe(200);
});

it('says from where on a record is whole, however few lines there are', async () => {
  const answer = (environment: string) =>
    Promise.resolve({
      records: [approved(noon)],
      ...(environment === 'prod' ? { forgotBefore: noon - hour } : {}),
    });
  await start(['dev', 'prod'], answer, { view: { changedAt: noon } });
  const prod = { namespace: 'pipelines', pipeline: 'my-app', environment: 'prod' };
  expect((await read()).beginnings).toEqual([{ ...prod, since: at(noon - hour) }]);
  expect((await read(`?since=${at(noon - hour)}`)).beginnings).toHaveLength(1);
  expect((await read(`?since=${at(noon - hour + 1)}`)).beginnings).toEqual([]);
});

it('asks each lane that has recorded something since', async () => {
  const view = { changedAt: noon - hour, recordedAt: noon };
  const { asked } = await start(['prod'], () => Promise.resolve({ records: [approved(noon)] }), { view });
  expect((await read(`?since=${at(noon)}`)).records).toHaveLength(1);
  expect((await read(`?since=${at(noon + 1)}`)).records).toEqual([]);
  expect(asked).toEqual(['prod']);
});

describe('lanes that do not answer', () => {
  const away = () => Promise.reject(new NoWorkerAnswers('No worker answers.'));

  it('are silent for want of a worker, where none answers', async () => {
    await start(['dev', 'prod'], away);
    expect(await read()).toMatchObject({
      complete: false,
      silent: ['lane/pipelines/my-app/dev', 'lane/pipelines/my-app/prod'],
      silence: 'no-worker',
    });
  });

  it('are silent for want of time, where others answer', async () => {
    await start(['dev', 'prod'], (environment) =>
      environment === 'dev' ? away() : Promise.resolve({ records: [] }),
    );
    expect(await read()).toMatchObject({ silent: ['lane/pipelines/my-app/dev'], silence: 'time' });
  });

  it('do not count as such where Temporal is away', async () => {
    await start(['prod'], () => Promise.reject(new TemporalUnavailable('Temporal is away.', { cause: 0 })));
    expect((await api!.request('GET', '/audit', { token: all })).status).toBe(503);
  });
});
