import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { createKubernetesStore } from '../../src/store/kubernetes/kubernetes-store';
import { loadKubeConfig } from '../../src/kubernetes/load-kube-config';
import { type PipelineStore } from '../../src/store/pipeline-store';
import { eventually } from '../support/eventually';
import { type KubeApiServer, startKubeApiServer } from '../support/kube-api-server';
import {
  apply,
  createNamespaces,
  getSecrets,
  grant,
  installPipelineCrd,
  readPipelines,
} from '../support/kube-objects';
import { type OpenStore, openStore } from './open-store';

let server: KubeApiServer;
beforeAll(async () => {
  server = await startKubeApiServer();
  await installPipelineCrd(server);
  await createNamespaces(server, 'one', 'two', 'three');
  for (const namespace of ['one', 'two', 'three']) await apply(server, objects(namespace));
  await grant(server, 'windlass', [readPipelines, getSecrets], 'one');
  await grant(server, 'windlass', [readPipelines], 'two');
});
afterAll(() => server.close());

const objects = (namespace: string) => `
apiVersion: pipelines.weave.works/v1alpha1
kind: Pipeline
metadata: { name: shop, namespace: ${namespace} }
spec:
  appRef: { apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, name: shop }
  environments: [{ name: dev, targets: [] }]
---
apiVersion: v1
kind: Secret
metadata: { name: webhook, namespace: ${namespace} }
stringData: { hmac-key: ${namespace} }
`;

const pipelineIn = (store: PipelineStore, namespace: string) => store.pipeline({ namespace, name: 'shop' });

describe('a store with the rights of Roles', () => {
  let opened: OpenStore | undefined;
  afterEach(() => opened?.close());

  const open = async (options?: Parameters<typeof openStore>[1]) => {
    opened = await openStore(server, options);
    return opened.store;
  };

  it('reads the namespaces that it watches, and no other', async () => {
    const store = await open({ watchNamespaces: ['one', 'two'] });
    await eventually(() => store.ready());
    expect(await pipelineIn(store, 'one')).toMatchObject({ namespace: 'one' });
    expect(await pipelineIn(store, 'two')).toMatchObject({ namespace: 'two' });
    expect(await pipelineIn(store, 'three')).toBeUndefined();
    expect(await store.secret('three', 'webhook')).toBeUndefined();
  });

  it('says which right is missing to read a Secret', async () => {
    const store = await open({ watchNamespaces: ['one', 'two'] });
    const data = await store.secret('one', 'webhook');
    expect(Buffer.from(data!['hmac-key']!).toString()).toBe('one');
    await expect(store.secret('two', 'webhook')).rejects.toMatchObject({
      code: 'store-unavailable',
      message: expect.stringContaining(
        "The Secret two/webhook cannot be read: grant Windlass's ServiceAccount the permission to get Secrets in namespace two.",
      ),
    });
  });

  it('serves its other namespaces when one is refused, and says what is missing there', async () => {
    const store = await open({ watchNamespaces: ['one', 'three'], graceMs: 0 });
    await eventually(() => store.ready());
    expect(await pipelineIn(store, 'one')).toBeDefined();
    await expect(pipelineIn(store, 'three')).rejects.toMatchObject({
      code: 'store-unavailable',
      message: expect.stringMatching(
        /^The Pipelines in namespace three cannot be read.* Grant Windlass's ServiceAccount the permission to list and watch pipelines\.pipelines\.weave\.works in namespace three\./,
      ),
    });
  });

  it('is not ready in the whole cluster, for which no Role is enough', async () => {
    const store = await open();
    await eventually(() =>
      expect(pipelineIn(store, 'one')).rejects.toMatchObject({
        message: expect.stringContaining('the permission to list and watch'),
      }),
    );
    expect(store.ready()).toBe(false);
  });
});

describe('a token in a file', () => {
  let directory: string;
  let store: PipelineStore | undefined;
  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'windlass-token-'));
  });
  afterAll(async () => {
    await store?.close();
    await rm(directory, { recursive: true });
  });

  it('counts as it is right now, with or without a newline at its end', async () => {
    const config = JSON.parse(server.kubeconfig('windlass')) as { users: { user: { token: string } }[] };
    const { token } = config.users[0]!.user;
    const users = [{ name: 'test', user: { tokenFile: 'token' } }];
    await writeFile(path.join(directory, 'config'), JSON.stringify({ ...config, users }));
    await writeFile(path.join(directory, 'token'), 'expired');
    const following = createKubernetesStore({
      kubeConfig: await loadKubeConfig([path.join(directory, 'config')]),
      watchNamespaces: ['one'],
      log: pino({ level: 'silent' }),
    });
    store = following;
    await eventually(() =>
      expect(pipelineIn(following, 'one')).rejects.toMatchObject({ message: expect.stringContaining('401') }),
    );
    expect(following.ready()).toBe(false);
    await writeFile(path.join(directory, 'token'), `${token}\n`);
    await eventually(() => following.ready());
    expect(await pipelineIn(following, 'one')).toBeDefined();
  });
});
