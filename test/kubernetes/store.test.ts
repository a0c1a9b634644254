import { type KubeApiServer, startKubeApiServer } from '../support/kube-api-server';
import {
  apply,
  createNamespaces,
  freezesPath,
  getSecrets,
  grant,
  installFreezeCrd,
  installPipelineCrd,
  pipelinesPath,
  readFreezes,
  readPipelines,
} from '../support/kube-objects';
import { eventually } from '../support/eventually';
import { describeStore } from '../contract/store/contract';
import { openStore } from './open-store';

let server: KubeApiServer;
beforeAll(async () => {
  server = await startKubeApiServer();
  await installPipelineCrd(server);
  await installFreezeCrd(server);
  await createNamespaces(server, 'apps', 'windlass');
  await grant(server, 'windlass', [readPipelines, readFreezes, getSecrets]);
});
afterAll(() => server.close());

const secretsPath = (namespace: string, name = '') =>
  `/api/v1/namespaces/${namespace}/secrets${name && `/${name}`}`;

describeStore('a Kubernetes API server', async () => {
  const open = await openStore(server, { graceMs: 0, ownNamespace: 'windlass' });
  await eventually(() => open.store.ready());
  return {
    store: open.store,
    put: (manifestYaml) => apply(server, manifestYaml),
    remove: async (kind, namespace, name) => {
      const pathOf = { Pipeline: pipelinesPath, Freeze: freezesPath, Secret: secretsPath }[kind];
      await server.request('DELETE', pathOf(namespace, name));
    },
    breakDown: () => {
      open.way.shut();
      return Promise.resolve();
    },
    close: async () => {
      await open.close();
      await server.request('DELETE', pipelinesPath('apps'));
      await server.request('DELETE', freezesPath('apps'));
      await server.request('DELETE', freezesPath('windlass'));
      await server.request('DELETE', secretsPath('apps'));
    },
  };
});
