import { type Logger, pino } from 'pino';
import { type PipelineStore } from '../../src/store/pipeline-store';
import { eventually } from '../support/eventually';
import { type KubeApiServer, startKubeApiServer } from '../support/kube-api-server';
import {
  apply,
  createNamespaces,
  freezesPath,
  getSecrets,
  grant,
  installFreezeCrd,
  installPipelineCrd,
  objectsIn,
  readFreezes,
  readPipelines,
  tryApply,
} from '../support/kube-objects';
import { type OpenStore, openStore } from './open-store';

let server: KubeApiServer;
beforeAll(async () => {
  server = await startKubeApiServer();
  await installPipelineCrd(server);
  await createNamespaces(server, 'one', 'two', 'windlass');
  for (const namespace of ['one', 'two']) await apply(server, pipeline(namespace));
});
afterAll(() => server.close());

const pipeline = (namespace: string) => `
apiVersion: pipelines.weave.works/v1alpha1
kind: Pipeline
metadata: { name: shop, namespace: ${namespace} }
spec:
  appRef: { apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, name: shop }
  environments: [{ name: dev, targets: [] }]
`;
const freeze = (namespace: string, spec: string, name = 'holidays') => `
apiVersion: pipelines.weave.works/v1alpha1
kind: Freeze
metadata: { name: ${name}, namespace: ${namespace} }
spec: ${spec}
`;

let opened: OpenStore | undefined;
let lines: string[];
afterEach(() => opened?.close());

async function open(options?: Parameters<typeof openStore>[1]): Promise<OpenStore['store']> {
  lines = [];
  const written = lines;
  const log: Logger = pino(
    { level: 'info' },
    { write: (line) => void written.push((JSON.parse(line) as { readonly msg: string }).msg) },
  );
  opened = await openStore(server, { graceMs: 0, log, ...options });
  return opened.store;
}
const reasonsIn = async (store: PipelineStore, namespace: string) =>
  (await store.freezes(namespace)).map(({ reason }) => reason).sort();
const expectReasons = (store: PipelineStore, namespace: string, reasons: readonly string[]) =>
  eventually(async () => expect(await reasonsIn(store, namespace)).toEqual(reasons));

/** In this order: each needs what the one before has installed or granted. */
describe('freezes', () => {
  it('are none in an installation that has neither the kind nor the permission to read it', async () => {
    await grant(server, 'windlass', [readPipelines, getSecrets]);
    const store = await open();
    await eventually(() => store.ready());
    await expectReasons(store, 'one', []);
  });

  it('are none without their CustomResourceDefinition, and are read once it is there', async () => {
    await grant(server, 'windlass', [readPipelines, readFreezes, getSecrets]);
    const store = await open();
    await expectReasons(store, 'one', []);
    await eventually(() => store.ready());
    const told = lines.filter((line) => line.includes('CustomResourceDefinition'));
    expect(told).toEqual([
      expect.stringContaining(
        'There are none until you install the CustomResourceDefinition freezes.pipelines.weave.works.',
      ),
    ]);
    await installFreezeCrd(server);
    await apply(server, freeze('one', '{ reason: Holidays }'));
    await expectReasons(store, 'one', ['Holidays']);
    await server.request('DELETE', freezesPath('one', 'holidays'));
    await expectReasons(store, 'one', []);
  });

  it('that may not be read stop promotions, and nothing else', async () => {
    await grant(server, 'windlass', [readPipelines, getSecrets]);
    const store = await open();
    await eventually(() => store.ready());
    await eventually(() =>
      expect(store.freezes('one')).rejects.toMatchObject({
        code: 'store-unavailable',
        retryable: true,
        message: expect.stringContaining(
          "Promotions wait: grant the worker's ServiceAccount the permission to list and watch freezes.pipelines.weave.works in all namespaces.",
        ),
      }),
    );
    expect(store.ready()).toBe(true);
    expect(await store.pipeline({ namespace: 'one', name: 'shop' })).toBeDefined();
    await grant(server, 'windlass', [readPipelines, readFreezes, getSecrets]);
  });

  it('are for all namespaces only where Windlass itself is', async () => {
    await apply(server, freeze('one', '{ reason: Team, allNamespaces: true }'));
    await apply(server, freeze('windlass', '{ reason: Operator, allNamespaces: true }'));
    await apply(server, freeze('windlass', '{ reason: Ours }', 'ours'));
    const store = await open({ ownNamespace: 'windlass' });
    await expectReasons(store, 'two', ['Operator']);
    expect(await reasonsIn(store, 'one')).toEqual(['Operator', 'Team']);
    expect(lines).toContainEqual(expect.stringContaining('The Freeze one/holidays has allNamespaces'));
  });

  it("are read in the namespaces that are watched and in Windlass's own", async () => {
    const store = await open({ watchNamespaces: ['two'], ownNamespace: 'windlass' });
    await expectReasons(store, 'two', ['Operator']);
    await apply(server, freeze('two', '{ reason: Two }'));
    await expectReasons(store, 'two', ['Operator', 'Two']);
    // Not watched: it cannot have a Pipeline.
    expect(await reasonsIn(store, 'one')).toEqual(['Operator']);
  });

  it('that changed are reported with the Pipelines that they select, the first list excepted', async () => {
    const store = await open({ ownNamespace: 'windlass' });
    const told: string[] = [];
    store.subscribe((pipelines) =>
      told.push(
        pipelines
          .map(({ namespace }) => namespace)
          .sort()
          .join(' '),
      ),
    );
    await expectReasons(store, 'two', ['Operator', 'Two']);
    await eventually(() => store.ready());
    expect(told).toEqual([]);
    await apply(server, freeze('two', '{ reason: Changed }'));
    await eventually(() => expect(told).toEqual(['two']));
    await server.request('DELETE', freezesPath('windlass', 'holidays'));
    await eventually(() => expect(told).toEqual(['two', 'one two']));
    await expectReasons(store, 'two', ['Changed']);
  });

  it('remain in force while the API server is away, for the time that is known, and then promotions wait', async () => {
    const store = await open({ graceMs: 600_000 });
    await expectReasons(store, 'two', ['Changed']);
    opened?.way.shut();
    expect(await reasonsIn(store, 'two')).toEqual(['Changed']);
    await opened?.close();
    const strict = await open({ graceMs: 0 });
    await expectReasons(strict, 'two', ['Changed']);
    opened?.way.shut();
    await eventually(() =>
      expect(strict.freezes('two')).rejects.toMatchObject({ code: 'store-unavailable' }),
    );
  });

  it.each([
    ['no reason', '{}', 'spec.reason'],
    ['a reason of two lines', '{ reason: "a\\nb" }', 'spec.reason'],
    ['a time that is none', '{ reason: a, until: soon }', 'spec.until'],
    ['a name of the wrong type', '{ reason: a, environments: [1] }', 'spec.environments'],
    ['an unknown field', '{ reason: a, untill: "2027-01-01T00:00:00Z" }', 'spec.untill'],
  ])('of %s are refused by the API server', async (_, spec, field) => {
    const [object] = objectsIn(freeze('two', spec, 'bad'));
    const { status, body } = await tryApply(server, object!, { dryRun: true });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(body)).toContain(field);
  });

  it('that only Windlass refuses hold their namespace, and say so', async () => {
    const spec = '{ reason: a, from: "2027-01-02T00:00:00Z", until: "2027-01-01T00:00:00Z" }';
    await apply(server, freeze('one', spec, 'backwards'));
    const store = await open();
    await eventually(async () => {
      const found = (await store.freezes('one')).find(({ name }) => name === 'backwards');
      expect(found).toEqual({
        namespace: 'one',
        name: 'backwards',
        reason: expect.stringContaining('spec.until must be later than spec.from'),
      });
    });
    expect(lines).toContainEqual(expect.stringContaining('The Freeze one/backwards is invalid'));
  });
});
