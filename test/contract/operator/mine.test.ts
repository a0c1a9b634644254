/** `GET /pipelines?mine=true`: what waits for the caller. */
import { type Pipeline } from '../../../src/domain/pipeline/pipeline';
import { type PromotionPolicy } from '../../../src/domain/policy/promotion-policy';
import { laneViewOf, waiting } from '../../support/lane-views';
import {
  FakeLanes,
  type RunningOperatorApi,
  startTestOperatorApi,
  tokenOf,
} from '../../support/operator-api-server';
import { samplePipeline } from '../../support/sample-pipeline';

const asking: Pipeline = { ...samplePipeline, gates: { approvals: { required: 2 } } };
const named = (namespace: string, name: string, more: Partial<Pipeline> = {}): Pipeline => ({
  ...asking,
  namespace,
  name,
  ...more,
});

const shop = named('apps', 'shop');
const pipelines: Pipeline[] = [
  shop,
  named('apps', 'till'),
  named('apps', 'idle'),
  named('apps', 'manual', { gates: {}, promotion: { ...samplePipeline.promotion!, manual: true } }),
  named('apps', 'others', { gates: { approvals: { required: 1, users: ['bob'] } } }),
  named('apps', 'ruled', { gates: {} }),
  named('web', 'site'),
];
const policy: PromotionPolicy = {
  rules: [{ name: 'two', namespaces: ['web'], gates: { approvals: { required: 1 } } }],
};

const lanes = new FakeLanes();
const wait = (namespace: string, name: string, approval?: { readonly excluded?: readonly string[] }): void =>
  lanes.put(
    laneViewOf({
      pipeline: { namespace, name },
      acting: { ...waiting('1.1.0'), ...(approval === undefined ? {} : { approval }) },
      changedAt: Date.now(),
    }),
  );
for (const { namespace, name } of pipelines) if (name !== 'idle') wait(namespace, name, {});

let api: RunningOperatorApi;
beforeAll(async () => {
  api = await startTestOperatorApi({ lanes, pipelines, policy: () => policy });
});
afterAll(() => api.close());

async function mine(token: string, query = ''): Promise<{ names: string[]; total: number; next?: string }> {
  const response = await api.request('GET', `/pipelines?mine=true${query}`, { token });
  const { items, total, next } = (await response.json()) as {
    readonly items: readonly Pipeline[];
    readonly total: number;
    readonly next?: string;
  };
  const names = items.map(({ namespace, name }) => `${namespace}/${name}`);
  return { names, total, ...(next === undefined ? {} : { next }) };
}

it('lists what waits for an approval that the caller may give', async () => {
  const { names, total } = await mine(tokenOf('ada', ['get', 'approve']));
  expect(names).toEqual(['apps/manual', 'apps/shop', 'apps/till', 'web/site']);
  expect(total).toBe(4);
});

it('lists nothing of a namespace that the caller may not approve in', async () => {
  expect((await mine(tokenOf('ada', ['get', 'approve'], 'web'))).names).toEqual(['web/site']);
  expect((await mine(tokenOf('ada', ['get']))).names).toEqual([]);
});

it('lists what only those may approve whom the Pipeline names', async () => {
  expect((await mine(tokenOf('bob', ['get', 'approve']))).names).toContain('apps/others');
});

it('has pages and a total of its own', async () => {
  const token = tokenOf('ada', ['get', 'approve']);
  const first = await mine(token, '&limit=3');
  const second = await mine(token, `&limit=3&cursor=${String(first.next)}`);
  expect([first.names.length, first.total, second.names]).toEqual([3, 4, ['web/site']]);
});

it('leaves out what the caller asked for or has approved', async () => {
  const excluding = new FakeLanes();
  const view = (excluded: readonly string[]) =>
    laneViewOf({
      pipeline: { namespace: shop.namespace, name: shop.name },
      acting: { ...waiting('1.1.0'), approval: { excluded } },
    });
  excluding.put(view(['ada']));
  const other = await startTestOperatorApi({ lanes: excluding, pipelines });
  const listed = async (name: string) =>
    (await (
      await other.request('GET', '/pipelines?mine=true', { token: tokenOf(name, ['get', 'approve']) })
    ).json()) as { readonly total: number };
  expect([(await listed('ada')).total, (await listed('bob')).total]).toEqual([0, 1]);
  await other.close();
});

it('of lanes of older workers, the state says that they wait', async () => {
  const older = new FakeLanes();
  older.put(laneViewOf({ pipeline: { namespace: 'apps', name: 'shop' }, acting: waiting('1.1.0') }));
  const other = await startTestOperatorApi({ lanes: older, pipelines });
  const response = await other.request('GET', '/pipelines?mine=true', {
    token: tokenOf('ada', ['get', 'approve']),
  });
  expect(await response.json()).toMatchObject({ total: 1 });
  await other.close();
});

it('a right on one Pipeline alone counts', async () => {
  const byName = await startTestOperatorApi({
    lanes,
    pipelines,
    access: {
      authenticate: () => Promise.resolve({ known: true, caller: { name: 'ada', groups: [], via: 'token' } }),
      allows: (_caller, verb, { name }) => Promise.resolve(verb === 'get' || name === 'till'),
    },
  });
  const response = await byName.request('GET', '/pipelines?mine=true', { token: 'any' });
  expect(await response.json()).toMatchObject({ total: 1, items: [{ name: 'till' }] });
  await byName.close();
});
