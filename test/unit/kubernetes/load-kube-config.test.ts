import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadKubeConfig } from '../../../src/kubernetes/load-kube-config';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'windlass-kubeconfig-'));
});
afterEach(() => rm(directory, { recursive: true }));

const write = async (name: string, text: string) => {
  const file = path.join(directory, name);
  await writeFile(file, text);
  return file;
};
const kubeconfig = (name: string, user: string, current = name) => `
apiVersion: v1
kind: Config
clusters: [{ name: ${name}, cluster: { server: 'https://${name}.example.com' } }]
users: [{ name: ${name}, user: ${user} }]
contexts: [{ name: ${name}, context: { cluster: ${name}, user: ${name} } }]
current-context: ${current}
`;

it('a kubeconfig gives the server and the user of its current context', async () => {
  const config = await loadKubeConfig([await write('one', kubeconfig('one', '{ token: t0ken }'))]);
  expect(config.getCurrentCluster()).toMatchObject({ server: 'https://one.example.com' });
  expect(config.getCurrentUser()).toMatchObject({ token: 't0ken' });
});

it('of several kubeconfigs the first that names a context or a cluster wins', async () => {
  const files = [
    await write('one', kubeconfig('one', '{ token: first }', '""')),
    await write('two', kubeconfig('two', '{ token: second }')),
    await write('three', kubeconfig('two', '{ token: third }', 'one')),
  ];
  const config = await loadKubeConfig(files);
  expect(config.getCurrentContext()).toBe('two');
  expect(config.getCurrentUser()).toMatchObject({ token: 'second' });
});

it('a token file is looked for beside the kubeconfig that names it', async () => {
  const config = await loadKubeConfig([await write('one', kubeconfig('one', '{ tokenFile: token }'))]);
  expect(config.getCurrentUser()?.authProvider).toEqual({
    name: 'tokenFile',
    config: { tokenFile: path.join(directory, 'token') },
  });
});

it.each([
  ['is not there', undefined, 'cannot be read (ENOENT)'],
  ['is no YAML', 'token: "s3cret', 'is not a kubeconfig'],
  ['is of another shape', 'users: { token: s3cret }', 'is not a kubeconfig'],
  [
    'has a cluster without a server',
    'clusters: [{ name: a, cluster: {} }]',
    'clusters[0].cluster.server is missing',
  ],
  ['is empty', '', 'is not a kubeconfig'],
  ['has no current context', kubeconfig('one', '{ token: s3cret }', 'two'), 'has no current context'],
])('a kubeconfig that %s is refused without its content', async (_what, text, told) => {
  const file = text === undefined ? path.join(directory, 'none') : await write('bad', text);
  const failure = (await loadKubeConfig([file]).catch((error: unknown) => error)) as Error;
  expect(failure.message).toContain(told);
  expect(failure.message).toContain(file);
  expect(failure.stack).not.toContain('s3cret');
  expect(failure.cause).toBeUndefined();
});
