import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Logger, pino } from 'pino';
import { createDirectoryStore } from '../../../../src/store/directory/directory-store';
import { maxManifestBytes } from '../../../../src/resources/parse-manifests';
import { type IndexedPipelineStore, type PipelineStore } from '../../../../src/store/pipeline-store';
import { eventually } from '../../../support/eventually';
import { createGate } from '../../../support/gate';
import { inlineParser } from '../../../support/inline-parser';

const pipeline = (name: string, environments = ['dev']) => `apiVersion: pipelines.weave.works/v1alpha1
kind: Pipeline
metadata: { name: ${name}, namespace: apps }
spec:
  appRef: { apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, name: shop }
  environments:
${environments.map((environment) => `    - { name: ${environment}, targets: [] }\n`).join('')}`;

let parent: string;
let directory: string;
let lines: Record<string, unknown>[];
let log: Logger;
let opened: PipelineStore[];

beforeEach(async () => {
  parent = await realpath(await mkdtemp(path.join(tmpdir(), 'windlass-directory-')));
  directory = path.join(parent, 'pipelines');
  await mkdir(directory);
  opened = [];
  lines = [];
  const collected = lines;
  log = pino(
    { level: 'info' },
    { write: (line) => void collected.push(JSON.parse(line) as Record<string, unknown>) },
  );
});
afterEach(async () => {
  await Promise.all(opened.map((store) => store.close()));
  await rm(parent, { recursive: true });
});

const open = async (from = directory) => {
  const store = await createDirectoryStore({
    directory: from,
    parser: inlineParser,
    log,
    pollIntervalMs: 20,
  });
  opened.push(store);
  return store;
};
const write = async (name: string, text: string | Buffer) => {
  const file = path.join(directory, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, text);
};
const environmentsOf = async (store: PipelineStore, name: string) =>
  (await store.pipeline({ namespace: 'apps', name }))?.environments.map((environment) => environment.name);
const messages = () => lines.filter(({ level }) => Number(level) >= 40).map(({ msg }) => msg);

describe('the files of a directory', () => {
  it('are read at all depths, whether they end in .yaml or .yml', async () => {
    await write('a.yaml', pipeline('a'));
    await write('deep/er/b.yml', pipeline('b'));
    await write('c.yaml.bak', pipeline('c'));
    await write('.d.yaml', pipeline('d'));
    await write('.git/e.yaml', pipeline('e'));
    const store = await open();
    expect(await environmentsOf(store, 'a')).toEqual(['dev']);
    expect(await environmentsOf(store, 'b')).toEqual(['dev']);
    for (const name of ['c', 'd', 'e']) expect(await environmentsOf(store, name)).toBeUndefined();
    expect(messages()).toEqual([]);
  });

  it('take no other down when one is bad, and are named with line, path and reason', async () => {
    await write('bad.yaml', pipeline('bad').replace('targets: []', 'targets: {}'));
    await write('binary.yaml', Buffer.from([0x61, 0x3a, 0x20, 0xff, 0xfe]));
    await write('broken.yaml', 'a: "\n');
    await write('good.yaml', pipeline('good'));
    await write('huge.yaml', '#'.repeat(maxManifestBytes + 1));
    const store = await open();
    expect(await environmentsOf(store, 'good')).toEqual(['dev']);
    await expect(environmentsOf(store, 'bad')).rejects.toMatchObject({
      code: 'invalid-pipeline',
      message: expect.stringContaining(
        'The Pipeline apps/bad is invalid: bad.yaml:7: spec.environments[0].targets: must be a list.',
      ),
    });
    expect(messages()).toEqual([
      'Left out: bad.yaml:7: spec.environments[0].targets: must be a list',
      'Left out: binary.yaml: is not UTF-8 text',
      'Left out: broken.yaml:2: is not valid YAML: a quote, bracket, comma or colon is missing',
      'Left out: huge.yaml: is larger than 1024 KiB: split it',
    ]);
    expect(lines.find(({ source }) => source === 'bad.yaml')).toMatchObject({
      line: 7,
      path: 'spec.environments[0].targets',
      reason: 'must be a list',
    });
  });

  it('may not name one Pipeline twice: the first file counts', async () => {
    await write('b.yaml', pipeline('shop', ['second']));
    await write('a.yaml', pipeline('shop', ['first']));
    const store = await open();
    expect(await environmentsOf(store, 'shop')).toEqual(['first']);
    expect(messages()).toEqual([
      'Left out: b.yaml: metadata.name: Pipeline apps/shop is already defined in a.yaml: this one is ignored',
    ]);
    await unlink(path.join(directory, 'a.yaml'));
    await eventually(async () => expect(await environmentsOf(store, 'shop')).toEqual(['second']));
  });

  it('have their unknown fields named, once', async () => {
    await write('a.yaml', pipeline('a').replace('spec:', 'spec:\n  paused: true'));
    const store = await open();
    await write('b.yaml', pipeline('b'));
    await eventually(async () => expect(await environmentsOf(store, 'b')).toBeDefined());
    expect(messages()).toEqual(['Ignored: a.yaml:5: spec.paused: unknown field']);
  });

  it('never have the values of their Secrets logged', async () => {
    const secret = (fields: string) =>
      `apiVersion: v1\nkind: Secret\nmetadata: { name: s, namespace: apps }\n${fields}\n`;
    await write('good.yaml', secret('stringData: { token: CANARY }'));
    await write('bad.yaml', secret('data: { token: "CANARY!" }'));
    await write('broken.yaml', secret('stringData: { token: "CANARY }'));
    await write('typo.yaml', secret('stringdata: { token: CANARY }'));
    const store = await open();
    expect(await store.secret('apps', 's')).toBeDefined();
    expect(lines.length).toBeGreaterThan(3);
    expect(JSON.stringify(lines)).not.toContain('CANARY');
  });
});

describe('a file that changes', () => {
  it('keeps its last good pipelines while it is no YAML', async () => {
    await write('a.yaml', pipeline('a'));
    const store = await open();
    await write('a.yaml', `${pipeline('a', ['dev', 'prod'])}---\n"half writ`);
    await eventually(() =>
      expect(messages()).toEqual([
        'Left out: a.yaml:10: is not valid YAML: a quote, bracket, comma or colon is missing; the previous content of this file remains in effect',
      ]),
    );
    expect(await environmentsOf(store, 'a')).toEqual(['dev']);
    await write('a.yaml', pipeline('a', ['dev', 'prod']));
    await eventually(async () => expect(await environmentsOf(store, 'a')).toEqual(['dev', 'prod']));
  });

  it('may be replaced by renaming another one over it', async () => {
    await write('a.yaml', pipeline('a'));
    const store = await open();
    await write('a.tmp', pipeline('a', ['new']));
    await rename(path.join(directory, 'a.tmp'), path.join(directory, 'a.yaml'));
    await eventually(async () => expect(await environmentsOf(store, 'a')).toEqual(['new']));
  });
});

it('what was read before remains in force while a file is parsed', async () => {
  const gate = createGate();
  let parsing = false;
  await write('a.yaml', pipeline('a'));
  const store = await createDirectoryStore({
    directory,
    log,
    pollIntervalMs: 20,
    parser: {
      ...inlineParser,
      run: async (guest, name, input) => {
        if ('source' in input && input.source === 'slow.yaml') {
          parsing = true;
          await gate.opened;
        }
        return inlineParser.run(guest, name, input);
      },
    },
  });
  opened.push(store);
  await write('slow.yaml', pipeline('slow'));
  await unlink(path.join(directory, 'a.yaml'));
  await eventually(() => expect(parsing).toBe(true));
  expect(store.ready()).toBe(true);
  expect(await environmentsOf(store, 'a')).toEqual(['dev']);
  gate.open();
  await eventually(async () => expect(await environmentsOf(store, 'slow')).toEqual(['dev']));
  expect(await environmentsOf(store, 'a')).toBeUndefined();
});

it('a store that is closed ends what is being parsed, and begins with no other file', async () => {
  const parsed: string[] = [];
  const store = await createDirectoryStore({
    directory,
    log,
    pollIntervalMs: 20,
    parser: {
      ...inlineParser,
      run: (_guest, _name, input, signal) =>
        new Promise((_resolve, reject) => {
          if ('source' in input) parsed.push(input.source);
          signal?.addEventListener('abort', () => reject(signal.reason as Error));
        }),
    },
  });
  await write('slow-1.yaml', pipeline('slow-1'));
  await write('slow-2.yaml', pipeline('slow-2'));
  await eventually(() => expect(parsed).toEqual(['slow-1.yaml']));
  await store.close();
  expect(parsed).toEqual(['slow-1.yaml']);
  expect(messages()).toEqual([]);
});

describe('a mounted volume', () => {
  /** As the kubelet writes ConfigMaps and Secrets: links into `..data`, which is swapped as a whole. */
  const mount = async (time: string, files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) {
      await write(`..${time}/${name}`, text);
      const [top = name] = name.split('/');
      await symlink(path.join('..data', top), path.join(directory, top)).catch(() => undefined);
    }
    await symlink(`..${time}`, path.join(directory, '..data_tmp'));
    await rename(path.join(directory, '..data_tmp'), path.join(directory, '..data'));
  };

  it('is read through its links, each file once, and seen to change', async () => {
    await mount('2026_11_23', { 'a.yaml': pipeline('a'), 'sub/b.yaml': pipeline('b') });
    const store = await open();
    expect(await environmentsOf(store, 'a')).toEqual(['dev']);
    expect(await environmentsOf(store, 'b')).toEqual(['dev']);
    await mount('2026_11_24', { 'a.yaml': pipeline('a', ['new']), 'sub/b.yaml': pipeline('b', ['new']) });
    await rm(path.join(directory, '..2026_11_23'), { recursive: true });
    await eventually(async () => expect(await environmentsOf(store, 'a')).toEqual(['new']));
    await eventually(async () => expect(await environmentsOf(store, 'b')).toEqual(['new']));
    expect(messages()).toEqual([]);
  });
});

describe('links', () => {
  it('are not followed out of the directory, to nowhere or in circles', async () => {
    await writeFile(path.join(parent, 'outside.yaml'), pipeline('outside'));
    await write('inside.yaml', pipeline('inside'));
    await symlink('../outside.yaml', path.join(directory, 'out.yaml'));
    await symlink(parent, path.join(directory, 'up'));
    await symlink('nothing.yaml', path.join(directory, 'dangling.yaml'));
    await symlink('.', path.join(directory, 'circle'));
    await symlink('self.yaml', path.join(directory, 'self.yaml'));
    await symlink('inside.yaml', path.join(directory, 'alias.yaml'));
    const store = await open();
    expect(await environmentsOf(store, 'outside')).toBeUndefined();
    expect(await environmentsOf(store, 'inside')).toEqual(['dev']);
    expect(messages()).toEqual([
      'Left out: dangling.yaml: is a broken link',
      'Left out: out.yaml: is a link out of the directory',
      'Left out: self.yaml: is a broken link',
      'Left out: up: is a link out of the directory',
    ]);
  });

  it('may be the directory itself', async () => {
    await write('a.yaml', pipeline('a'));
    await symlink('pipelines', path.join(parent, 'link'));
    expect(await environmentsOf(await open(path.join(parent, 'link')), 'a')).toEqual(['dev']);
  });
});

it('a pipe that is named like a manifest hangs nobody', async () => {
  await promisify(execFile)('mkfifo', [path.join(directory, 'pipe.yaml')]);
  await write('a.yaml', pipeline('a'));
  expect(await environmentsOf(await open(), 'a')).toEqual(['dev']);
});

describe('a directory', () => {
  it('that does not exist at the start is an error that names it', async () => {
    await expect(open(path.join(parent, 'nowhere'))).rejects.toMatchObject({
      code: 'store-unavailable',
      message: expect.stringContaining(`The directory ${parent}/nowhere does not exist. `),
    });
  });

  it('that is a file is an error that says so', async () => {
    await writeFile(path.join(parent, 'file'), '');
    await expect(open(path.join(parent, 'file'))).rejects.toMatchObject({
      code: 'store-unavailable',
      message: expect.stringContaining(`${parent}/file is not a directory. `),
    });
  });

  it('that vanishes is reported once, and believed again when it is back', async () => {
    await write('a.yaml', pipeline('a'));
    const store = await open();
    await rename(directory, `${directory}.away`);
    await eventually(() => expect(store.ready()).toBe(false));
    await expect(store.pipeline({ namespace: 'apps', name: 'a' })).rejects.toMatchObject({
      code: 'store-unavailable',
      message: expect.stringContaining('does not exist'),
    });
    await rename(`${directory}.away`, directory);
    await eventually(() => expect(store.ready()).toBe(true));
    expect(await environmentsOf(store, 'a')).toEqual(['dev']);
    expect(messages()).toHaveLength(1);
  });
});

it('a change of the files is told by the names of what was added, changed and removed', async () => {
  const secret = (key: string) =>
    `{ apiVersion: v1, kind: Secret, metadata: { name: webhook, namespace: apps }, stringData: { hmac-key: ${key} } }\n`;
  await write('a.yaml', pipeline('a'));
  await write('b.yaml', pipeline('b'));
  await write('c.yaml', secret('canary-1'));
  await open();
  await unlink(path.join(directory, 'b.yaml'));
  const changes = () => lines.filter(({ msg }) => msg === 'Pipelines, Freezes and Secrets have changed');
  await eventually(() => changes().length === 1);
  await write('c.yaml', secret('canary-2'));
  await eventually(() => changes().length === 2);
  await write('d.yaml', pipeline('d'));
  await eventually(() => changes().length === 3);
  await write('a.yaml', `# only a comment\n${pipeline('a')}`);
  await write('d.yaml', pipeline('d', ['dev', 'prod']));
  await eventually(() => changes().length === 4);
  expect(changes()).toMatchObject([
    { added: [], changed: [], removed: ['Pipeline apps/b'] },
    { added: [], changed: ['Secret apps/webhook'], removed: [] },
    { added: ['Pipeline apps/d'], changed: [], removed: [] },
    { added: [], changed: ['Pipeline apps/d'], removed: [] },
  ]);
  expect(JSON.stringify(lines)).not.toContain('canary');
});

describe('a subscriber to a directory', () => {
  const freeze = (spec: string) =>
    `{ apiVersion: pipelines.weave.works/v1alpha1, kind: Freeze, metadata: { name: f, namespace: apps }, spec: ${spec} }\n`;
  const shop = pipeline('shop').replace('namespace: apps', 'namespace: apps, labels: { tier: shop }');
  let told: string[][];
  const subscribe = (store: IndexedPipelineStore) => {
    told = [];
    store.subscribe((pipelines) => told.push(pipelines.map(({ name }) => name).sort()));
  };

  it('hears of Pipelines that changed or disappeared, and of no others', async () => {
    await write('shop.yaml', shop);
    await write('cart.yaml', pipeline('cart'));
    subscribe(await open());
    await write('shop.yaml', `# only a comment\n${shop}`);
    await write('new.yaml', pipeline('new'));
    await write('cart.yaml', pipeline('cart', ['dev', 'prod']));
    await eventually(() => expect(told).toEqual([['cart']]));
    await unlink(path.join(directory, 'shop.yaml'));
    await eventually(() => expect(told).toEqual([['cart'], ['shop']]));
  });

  it('hears of Pipelines that a freeze selected before or selects now', async () => {
    await write('shop.yaml', shop);
    await write('cart.yaml', pipeline('cart'));
    const store = await open();
    subscribe(store);
    await write('freeze.yaml', freeze('{ reason: Fair, pipelines: { matchLabels: { tier: shop } } }'));
    await eventually(() => expect(told).toEqual([['shop']]));
    expect(await store.freezes('apps')).toMatchObject([{ name: 'f', reason: 'Fair' }]);
    await write('freeze.yaml', freeze('{ reason: Fair, pipelines: { matchLabels: { tier: none } } }'));
    await eventually(() => expect(told).toEqual([['shop'], ['shop']]));
    await write('freeze.yaml', freeze('{ reason: Fair }'));
    await eventually(() => expect(told[2]).toEqual(['cart', 'shop']));
    await unlink(path.join(directory, 'freeze.yaml'));
    await eventually(() => expect(told[3]).toEqual(['cart', 'shop']));
    expect(await store.freezes('apps')).toEqual([]);
  });

  it('loses no freeze to a half-written file', async () => {
    await write('freeze.yaml', freeze('{ reason: Fair }'));
    const store = await open();
    await write('freeze.yaml', freeze('{ reason: Fair }').slice(0, -20));
    await eventually(() => expect(messages()).not.toEqual([]));
    expect(await store.freezes('apps')).toMatchObject([{ reason: 'Fair' }]);
  });
});
