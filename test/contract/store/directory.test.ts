import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { parse } from 'yaml';
import { createDirectoryStore } from '../../../src/store/directory/directory-store';
import { describeStore } from './contract';
import { inlineParser } from '../../support/inline-parser';

interface Named {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
}

describeStore('a directory of YAML files', async () => {
  const parent = await mkdtemp(path.join(tmpdir(), 'windlass-store-'));
  const directory = await mkdtemp(path.join(parent, 'pipelines-'));
  const store = await createDirectoryStore({
    directory,
    parser: inlineParser,
    log: pino({ level: 'silent' }),
    pollIntervalMs: 20,
  });
  const fileOf = (kind: string, namespace: string, name: string) =>
    path.join(directory, `${kind}.${namespace}.${name}.yaml`);
  return {
    store,
    put: async (manifestYaml) => {
      const { kind, metadata } = parse(manifestYaml) as Named;
      await writeFile(fileOf(kind, metadata.namespace, metadata.name), manifestYaml);
    },
    remove: (kind, namespace, name) => rm(fileOf(kind, namespace, name)),
    breakDown: () => rename(directory, `${directory}.away`),
    close: async () => {
      await store.close();
      await rm(parent, { recursive: true });
    },
  };
});
