import { type WindlassError } from '../../src/domain/errors';
import { eventually } from '../support/eventually';
import { type KubeApiServer, startKubeApiServer } from '../support/kube-api-server';
import {
  apply,
  createNamespaces,
  getSecrets,
  grant,
  installPipelineCrd,
  pipelinesPath,
  readPipelines,
} from '../support/kube-objects';
import { type OpenStore, openStore } from './open-store';

let server: KubeApiServer;
let open: OpenStore;
const namespace = 'apps';

const manifest = (name: string, environments: readonly string[]) => ({
  apiVersion: 'pipelines.weave.works/v1alpha1',
  kind: 'Pipeline',
  metadata: { name, namespace },
  spec: {
    appRef: { apiVersion: 'helm.toolkit.fluxcd.io/v2', kind: 'HelmRelease', name: 'shop' },
    environments: environments.map((environment) => ({ name: environment, targets: [] })),
  },
});
const create = (name: string, environments = ['dev']) =>
  server.request('POST', pipelinesPath(namespace), manifest(name, environments));
const change = (name: string, environments: readonly string[]) =>
  server.request(
    'PATCH',
    pipelinesPath(namespace, name),
    { spec: manifest(name, environments).spec },
    'application/merge-patch+json',
  );
const remove = (name: string) => server.request('DELETE', pipelinesPath(namespace, name));
const environmentsOf = async (name: string) =>
  (await open.store.pipeline({ namespace, name }))?.environments.map((environment) => environment.name);
const expectEnvironments = (name: string, environments: readonly string[] | undefined) =>
  eventually(async () => expect(await environmentsOf(name)).toEqual(environments));

async function startEverything(options?: { readonly watchCache: boolean }) {
  server = await startKubeApiServer(options);
  await installPipelineCrd(server);
  await createNamespaces(server, namespace);
  await grant(server, 'windlass', [readPipelines, getSecrets]);
  open = await openStore(server);
  await eventually(() => open.store.ready());
}
async function stopEverything() {
  await open.close();
  await server.close();
}

describe('a store whose API server comes and goes', () => {
  beforeAll(() => startEverything());
  afterAll(() => stopEverything());

  it('goes on after its watch was cut', async () => {
    await create('cut');
    await expectEnvironments('cut', ['dev']);
    open.way.cut();
    await change('cut', ['dev', 'prod']);
    await expectEnvironments('cut', ['dev', 'prod']);
  });

  it('learns of everything that happened while it was cut off', async () => {
    await create('kept');
    await create('removed');
    await expectEnvironments('removed', ['dev']);
    open.way.shut();
    await change('kept', ['staging']);
    await remove('removed');
    await create('added');
    open.way.open();
    await expectEnvironments('added', ['dev']);
    await expectEnvironments('kept', ['staging']);
    await expectEnvironments('removed', undefined);
  });

  it('answers from what it knows while the API server restarts, and is right afterwards', async () => {
    await create('lasting');
    await create('replaced');
    await expectEnvironments('replaced', ['dev']);
    open.way.shut();
    await server.stop();
    expect(open.store.ready()).toBe(true);
    expect(await environmentsOf('lasting')).toEqual(['dev']);
    await server.start();
    // A new API server has forgotten the versions from before its start.
    await change('lasting', ['prod']);
    await remove('replaced');
    open.way.open();
    await expectEnvironments('lasting', ['prod']);
    await expectEnvironments('replaced', undefined);
  });

  it('is right after a thousand Pipelines changed at once, with its watch cut in between', async () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `many-${index}`);
    await inParallel(names, (name) => create(name));
    await expectEnvironments('many-999', ['dev']);
    await inParallel(names, async (name, index) => {
      if (index % 250 === 0) open.way.cut();
      if (index % 10 === 0) return remove(name);
      // Two environments of one name make no sense.
      if (index % 10 === 1) return change(name, ['dev', 'dev']);
      return change(name, ['dev', `prod-${index}`]);
    });
    await create('the-last');
    await expectEnvironments('the-last', ['dev']);
    const outcomes = await Promise.all(
      names.map((name) => environmentsOf(name).catch((error: unknown) => (error as WindlassError).code)),
    );
    expect(outcomes).toEqual(
      names.map((_, index) => {
        if (index % 10 === 0) return undefined;
        return index % 10 === 1 ? 'invalid-pipeline' : ['dev', `prod-${index}`];
      }),
    );
  });
});

describe('a store whose API server has forgotten its version', () => {
  beforeAll(() => startEverything({ watchCache: false }));
  afterAll(() => stopEverything());

  it('reads everything again', async () => {
    await create('changed');
    await create('removed');
    await expectEnvironments('removed', ['dev']);
    open.way.shut();
    await change('changed', ['prod']);
    await remove('removed');
    await apply(server, JSON.stringify(manifest('added', ['dev'])));
    await server.compact();
    open.way.open();
    await expectEnvironments('added', ['dev']);
    await expectEnvironments('changed', ['prod']);
    await expectEnvironments('removed', undefined);
    await change('changed', ['staging']);
    await expectEnvironments('changed', ['staging']);
  });
});

async function inParallel<T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<unknown>,
): Promise<void> {
  const queue = items.entries();
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      for (const [index, item] of queue) await work(item, index);
    }),
  );
}
