import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type Logger } from 'pino';
import { stringify } from 'yaml';
import { WindlassError } from '../../domain/errors';
import { isNamespace } from '../../domain/kubernetes-names';
import { type Actor } from '../../domain/people/actor';
import { formatPipelineRef, type PipelineRef } from '../../domain/pipeline/pipeline';
import { readFreezeManifest } from '../../resources/freeze-schema';
import { readYamlDocuments } from '../../resources/yaml-documents';
import { type AskedFreeze, FreezeRefused, type KeptFreezeDesk } from '../freeze-desk';
import {
  endingOf,
  type FreezeManifest,
  hasEnded,
  hasMadeName,
  isMade,
  isOfRequest,
  madeFreeze,
  outdated,
  requireNotSuspended,
  suspensionOf,
} from '../made-freeze';
import { type DirectoryStore } from './directory-store';
import { createFile, replaceFile } from './atomic-file';
import { readManifestFile } from './read-manifest-file';
import { isReadByWorker } from './reader-mark';
import { errorCode } from './scan-directory';

export interface DirectoryFreezeDeskOptions {
  /** As in `--freezes-dir`. */
  readonly directory: string;
  readonly store: Pick<DirectoryStore, 'listFreezes'>;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/**
 * Makes and ends freezes as files, one each, beside the directory of Pipelines. Those among the Pipelines are listed, and
 * never written: they come from Git.
 */
export function createDirectoryFreezeDesk(options: DirectoryFreezeDeskOptions): KeptFreezeDesk {
  const { directory, store, log, now = Date.now } = options;
  const fileOf = (ref: PipelineRef) => path.join(directory, `${ref.namespace}.${ref.name}.yaml`);

  const freeze = async (asked: AskedFreeze, actor: Actor) => {
    const manifest = madeFreeze(asked, actor, now());
    const ref = manifest.metadata;
    if (asked.suspends === true) requireNotSuspended(await store.listFreezes(), asked, ref.name, now());
    const created = await onDisk(directory, async () => {
      await mkdir(directory, { recursive: true });
      await requireReader(directory);
      return createFile(fileOf(ref), stringify(manifest));
    });
    if (created) return { name: ref.name, repeated: false };
    if (isOfRequest(await readObject(directory, fileOf(ref)), asked.key))
      return { name: ref.name, repeated: true };
    throw new FreezeRefused(
      `There is another Freeze ${formatPipelineRef(ref)}: send the request again with another key.`,
    );
  };

  const unfreeze = async (ref: PipelineRef, actor: Actor, key?: string) => {
    if (!isNamespace(ref.namespace)) return 'unknown';
    const file = fileOf(ref);
    const object = hasMadeName(ref) ? await readObject(directory, file) : undefined;
    if (object === undefined) {
      const key = formatPipelineRef(ref);
      return (await store.listFreezes()).some((one) => formatPipelineRef(one) === key)
        ? 'not-ours'
        : 'unknown';
    }
    if (!isMade(object)) return 'not-ours';
    const { value: found } = readFreezeManifest(object);
    if (found === undefined) {
      // It would stay invalid, and hold its namespace.
      await onDisk(directory, () => rm(file, { force: true }));
      return 'done';
    }
    if (hasEnded(found, now())) return 'ended';
    const ended = stringify(withEnding(object, endingOf(found, actor, now(), key)));
    await onDisk(directory, () => replaceFile(file, ended));
    return 'done';
  };

  const removeOutdated = async (): Promise<void> => {
    try {
      const old = outdated(await store.listFreezes(), now());
      for (const each of old) await rm(fileOf(each), { force: true });
      if (old.length > 0) log.info({ count: old.length }, 'Deleted Freezes that ended long ago');
    } catch (error) {
      log.warn({ err: error }, 'Freezes that ended long ago could not be deleted');
    }
  };

  return {
    list: () => store.listFreezes(),
    freeze,
    unfreeze,
    suspension: async (pipeline, environment) =>
      suspensionOf(await store.listFreezes(), pipeline, environment, now()),
    removeOutdated,
    close: () => Promise.resolve(),
  };
}

/** A freeze that no worker reads would hold nothing, and no one would notice. @throws FreezeRefused */
async function requireReader(directory: string): Promise<void> {
  if (await isReadByWorker(directory)) return;
  throw new FreezeRefused(
    `No worker reads ${directory} yet, so the freeze would hold nothing: start the workers with the same --freezes-dir as api, on a shared volume.`,
  );
}

/** @returns undefined if there is none @throws WindlassError store-unavailable */
async function readObject(directory: string, file: string): Promise<unknown> {
  try {
    const text = (await readManifestFile(file)).toString('utf8');
    // What is not YAML is not ours.
    return readYamlDocuments(text).documents[0]?.value ?? null;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw notWritable(directory, error);
  }
}

function withEnding(
  { metadata, spec, ...manifest }: FreezeManifest,
  { annotations, spec: changes }: ReturnType<typeof endingOf>,
): FreezeManifest {
  const ended = Object.entries({ ...spec, ...changes }).filter(([, value]) => value !== null);
  return {
    ...manifest,
    metadata: { ...metadata, annotations: { ...metadata.annotations, ...annotations } },
    spec: Object.fromEntries(ended),
  };
}

async function onDisk<T>(directory: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof FreezeRefused ? error : notWritable(directory, error);
  }
}

function notWritable(directory: string, cause: unknown): WindlassError {
  const fault = `Freezes cannot be written to the directory of --freezes-dir, ${directory} (${errorCode(cause)}).`;
  return new WindlassError('store-unavailable', fault, { cause });
}
