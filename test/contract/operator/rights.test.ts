/** Every route of the table: who has its right, and who has every other. A route without a case here does not compile. */
import { verbs, type Verb } from '../../../src/domain/people/rights';
import { type Arguments, type Route, type RouteName, routes } from '../../../src/operator/routes';
import { laneViewOf } from '../../support/lane-views';
import {
  FakeLanes,
  type RunningOperatorApi,
  startTestOperatorApi,
  tokenOf,
} from '../../support/operator-api-server';

const ref = { namespace: 'pipelines', name: 'my-app' };
const environment = { ...ref, environment: 'prod' };
const freeze = { namespace: 'pipelines', name: 'holidays', reason: 'Holidays', ours: true };

const cases: { readonly [Name in RouteName]: Partial<Arguments<Name>> } = {
  me: {},
  listPipelines: {},
  getPipeline: { params: ref },
  listPromotions: {},
  getPromotion: { params: { id: 'promotion/pipelines/my-app/prod/1.0.0/0123456789ab' } },
  facets: {},
  listFreezes: {},
  audit: {},
  figures: {},
  events: {},
  approve: { params: environment, body: { version: '1.0.0' } },
  reject: { params: environment, body: { version: '1.0.0', comment: 'no' } },
  retry: { params: environment, body: {} },
  cancel: { params: environment, body: { version: '1.0.0' } },
  promote: { params: environment, body: { version: '1.0.0' } },
  rollback: { params: environment, body: { version: '1.0.0', reason: 'broken' } },
  override: { params: environment, body: { version: '1.0.0', gates: ['windows'], reason: 'hotfix' } },
  suspend: { params: ref, body: { reason: 'audit' } },
  resume: { params: ref, body: {} },
  freeze: { body: { namespace: 'pipelines', reason: 'holidays' } },
  unfreeze: { params: { namespace: 'pipelines', name: 'holidays' } },
};

const entries = Object.entries(routes as Readonly<Record<string, Route>>) as [RouteName, Route][];
const guarded = entries.filter(([, { right }]) => right.on !== 'caller' && right.on !== 'each');
const lists = entries.filter(([, { right, answer }]) => right.on === 'each' && answer !== undefined);

let api: RunningOperatorApi;

beforeAll(async () => {
  const lanes = new FakeLanes();
  lanes.put(laneViewOf({ pipeline: ref }));
  api = await startTestOperatorApi({
    lanes,
    // One for each route.
    failureLimit: { value: entries.length, intervalMs: 30_000 },
    freezes: {
      list: () => Promise.resolve([freeze]),
      freeze: () => Promise.resolve({ name: 'made', repeated: false }),
      unfreeze: () => Promise.resolve('done'),
      suspension: () => Promise.resolve(freeze),
    },
    acts: {
      laneState: () => Promise.resolve(undefined),
      records: () => Promise.resolve([{ kind: 'approved', at: 1 }]),
      keptRecords: () => Promise.resolve({ records: [{ kind: 'approved', at: 1 }] }),
      act: () => Promise.resolve({ said: 'Done.' }),
      approve: () => Promise.reject(new Error('No promotion waits.')),
      approveManual: () => Promise.reject(new Error('No promotion waits.')),
      reject: () => Promise.reject(new Error('No promotion waits.')),
      override: () => Promise.reject(new Error('No promotion waits.')),
      taken: () => Promise.resolve(undefined),
      record: () => Promise.resolve(),
    },
  });
});
afterAll(() => api.close());

function ask(name: RouteName, token: string | undefined): Promise<Response> {
  const { method, path } = routes[name];
  const { params = {}, body } = cases[name] as {
    readonly params?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
  const filled = path.replaceAll(/\{(\w+)\}/g, (_all, key: string) => encodeURIComponent(params[key] ?? ''));
  return api.request(method.toUpperCase(), filled, {
    ...(token === undefined ? {} : { token }),
    ...(body === undefined ? {} : { body }),
  });
}

const everyVerb = Object.keys(verbs) as Verb[];
const verbOf = ({ right }: Route): Verb => ('verb' in right ? right.verb : 'get');

it.each(entries)('%s without a token, or with an unknown one, is 401', async (name) => {
  for (const token of [undefined, 'unknown']) {
    const response = await ask(name, token);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(await response.json()).toMatchObject({ code: 'unauthenticated' });
  }
});

it.each(guarded)('%s with every right but its own is 403', async (name, route) => {
  const others = everyVerb.filter((verb) => verb !== verbOf(route));
  const response = await ask(name, tokenOf('ada', others));
  expect(response.status).toBe(403);
  expect(await response.json()).toMatchObject({ code: 'forbidden', detail: expect.stringContaining('ada') });
});

it.each(guarded)('%s with its right in another namespace is 403', async (name, route) => {
  expect((await ask(name, tokenOf('ada', [verbOf(route)], 'other'))).status).toBe(403);
});

it.each(guarded)('%s with its right alone is not refused for its rights', async (name, route) => {
  const { status } = await ask(name, tokenOf('ada', [verbOf(route)], 'pipelines'));
  expect([200, 404, 409]).toContain(status);
});

const entriesOf = async (name: RouteName, token: string): Promise<number> => {
  const response = await ask(name, token);
  expect(response.status).toBe(200);
  const { items, records, namespaces, coverage } = (await response.json()) as {
    readonly items?: unknown[];
    readonly records?: unknown[];
    readonly namespaces?: unknown[];
    readonly coverage?: { readonly lanes: number };
  };
  return (items ?? records ?? namespaces)?.length ?? coverage?.lanes ?? 0;
};

it.each(lists)('%s shows nothing to those who may not get it', async (name) => {
  expect(
    await entriesOf(
      name,
      tokenOf(
        'ada',
        everyVerb.filter((verb) => verb !== 'get'),
      ),
    ),
  ).toBe(0);
  expect(await entriesOf(name, tokenOf('ada', ['get'], 'other'))).toBe(0);
});

it.each(lists.filter(([name]) => name !== 'listPromotions'))(
  '%s shows something to those who may get it',
  async (name) => {
    expect(await entriesOf(name, tokenOf('ada', ['get'], 'pipelines'))).toBeGreaterThan(0);
  },
);

it('what does not exist is refused in the same way as what does', async () => {
  const texts = await Promise.all(
    ['my-app', 'nothing'].map(async (name) => {
      const response = await api.request('GET', `/pipelines/pipelines/${name}`, {
        token: tokenOf('ada', []),
      });
      return [response.status, (await response.text()).replaceAll(name, 'NAME')];
    }),
  );
  expect(texts[0]).toEqual(texts[1]);
});
