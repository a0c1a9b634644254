import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { parse } from 'yaml';
import { createDirectoryFreezeDesk } from '../../../src/store/directory/freeze-desk';
import { createDirectoryStore, type DirectoryStore } from '../../../src/store/directory/directory-store';
import { markAsReadByWorker } from '../../../src/store/directory/reader-mark';
import { FreezeRefused } from '../../../src/store/freeze-desk';
import { eventually } from '../../support/eventually';
import { inlineParser } from '../../support/inline-parser';
import { alice, asked, describeFreezeDesk } from './freeze-desk-contract';

interface Named {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

let lines: string[];
beforeEach(() => {
  lines = [];
});
const log = pino(
  { level: 'warn' },
  { write: (line) => void lines.push((JSON.parse(line) as { readonly msg: string }).msg) },
);

async function directories() {
  const parent = await mkdtemp(path.join(tmpdir(), 'windlass-freezes-'));
  const [pipelines, freezes] = [path.join(parent, 'pipelines'), path.join(parent, 'freezes')];
  await mkdir(pipelines);
  await mkdir(freezes);
  return { parent, pipelines, freezes };
}
const openStore = ({ pipelines, freezes }: { readonly pipelines: string; readonly freezes: string }) =>
  createDirectoryStore({
    directory: pipelines,
    freezesDirectory: freezes,
    parser: inlineParser,
    log,
    pollIntervalMs: 20,
  });

describeFreezeDesk('a directory of freezes', async () => {
  const { parent, pipelines, freezes } = await directories();
  await markAsReadByWorker(freezes);
  const stores = await Promise.all([1, 2, 3].map(() => openStore({ pipelines, freezes })));
  const [workers, own, others] = stores as [DirectoryStore, DirectoryStore, DirectoryStore];
  let passed = 0;
  const desk = (store: DirectoryStore) =>
    createDirectoryFreezeDesk({ directory: freezes, store, log, now: () => Date.now() + passed });
  return {
    desk: desk(own),
    other: desk(others),
    store: workers,
    put: async (manifestYaml) => {
      const { kind, metadata } = parse(manifestYaml) as Named;
      await writeFile(path.join(pipelines, `${kind}.${metadata.name}.yaml`), manifestYaml);
    },
    spoil: async ({ namespace, name }) => {
      const file = path.join(freezes, `${namespace}.${name}.yaml`);
      await writeFile(file, (await readFile(file, 'utf8')).replace(/reason: .*/, 'until: soon'));
    },
    pass: (ms) => {
      passed += ms;
    },
    breakDown: async () => {
      await rename(freezes, `${freezes}.away`);
      // Not even what would make it again.
      await writeFile(freezes, '');
    },
    close: async () => {
      await Promise.all(stores.map((store) => store.close()));
      await rm(parent, { recursive: true });
    },
  };
});

describe('the files of freezes', () => {
  let place: Awaited<ReturnType<typeof directories>>;
  let store: DirectoryStore;
  beforeEach(async () => {
    place = await directories();
    store = await openStore(place);
  });
  afterEach(async () => {
    await store.close();
    await rm(place.parent, { recursive: true });
  });
  const desk = () => createDirectoryFreezeDesk({ directory: place.freezes, store, log });

  it('are not written before a worker reads them', async () => {
    await expect(desk().freeze(asked(), alice)).rejects.toThrow(FreezeRefused);
    await expect(desk().freeze(asked(), alice)).rejects.toThrow('with the same --freezes-dir');
    expect(await store.listFreezes()).toEqual([]);
  });

  it('can be read by everyone, and leave nothing else behind', async () => {
    await markAsReadByWorker(place.freezes);
    const umask = process.umask(0o077);
    try {
      const { name } = await desk().freeze(asked(), alice);
      await desk().freeze(asked(), alice);
      await desk().unfreeze({ namespace: 'apps', name }, alice);
      const file = `apps.${name}.yaml`;
      expect((await readdir(place.freezes)).filter((entry) => entry !== '.read-by-worker')).toEqual([file]);
      expect((await stat(path.join(place.freezes, file))).mode & 0o777).toBe(0o644);
    } finally {
      process.umask(umask);
    }
  });

  it('bring in no Pipelines and no Secrets', async () => {
    const secret =
      'apiVersion: v1\nkind: Secret\nmetadata: { name: git, namespace: apps }\nstringData: { token: x }\n';
    const freeze =
      '---\napiVersion: pipelines.weave.works/v1alpha1\nkind: Freeze\nmetadata: { name: a, namespace: apps }\nspec: { reason: Fair }\n';
    await writeFile(path.join(place.freezes, 'hostile.yaml'), secret + freeze);
    await eventually(async () => expect(await store.freezes('apps')).toMatchObject([{ reason: 'Fair' }]));
    expect(await store.secret('apps', 'git')).toBeUndefined();
    expect(lines).toContainEqual(expect.stringContaining('only Freezes are read from --freezes-dir'));
    // It was not made by the API, wherever it is.
    expect(await store.listFreezes()).toMatchObject([{ name: 'a', ours: false }]);
    expect(await desk().unfreeze({ namespace: 'apps', name: 'a' }, alice)).toBe('not-ours');
  });

  it.each([
    ['no YAML', '{', 'is not valid YAML'],
    ['too long', `# ${'x'.repeat(1024 * 1024)}`, 'is larger than 1024 KiB'],
  ])('that are %s are named, and hold no other', async (_, text, said) => {
    await writeFile(path.join(place.freezes, 'apps.windlass-000000000000.yaml'), text);
    await eventually(() => expect(lines).toContainEqual(expect.stringContaining(said)));
    expect(await store.freezes('apps')).toEqual([]);
    expect(await desk().unfreeze({ namespace: 'apps', name: 'windlass-000000000000' }, alice)).toBe(
      'not-ours',
    );
  });

  it('that cannot be found stop promotions, and nothing else', async () => {
    await rm(place.freezes, { recursive: true });
    await eventually(() =>
      expect(store.freezes('apps')).rejects.toMatchObject({
        code: 'store-unavailable',
        message: expect.stringContaining('does not exist: what is frozen is not known, so promotions wait'),
      }),
    );
    expect(store.ready()).toBe(true);
    expect(await store.pipeline({ namespace: 'apps', name: 'shop' })).toBeUndefined();
    await mkdir(place.freezes);
    await eventually(async () => expect(await store.freezes('apps')).toEqual([]));
  });
});
