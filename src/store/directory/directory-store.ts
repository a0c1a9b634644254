import { stat } from 'node:fs/promises';
import { type Logger } from 'pino';
import { WindlassError } from '../../domain/errors';
import { formatPipelineRef, type PipelineRef, refOf } from '../../domain/pipeline/pipeline';
import { type FreezeChange } from '../../domain/freezes/freeze-change';
import { type Parser } from '../../parsing/parser';
import { type Fault, formatFault } from '../../resources/parse-manifests';
import { combineManifests, type ManifestSet } from '../../resources/manifest-set';
import { invalidPipeline } from '../../resources/invalid-pipeline';
import { type ListedFreeze } from '../freeze-desk';
import { type IndexedPipelineStore, type ListedPipeline } from '../pipeline-store';
import { startPolling } from '../polling';
import { RepositoryIndex } from '../repository-index';
import { changedPipelines, freezeChanges } from './changed-pipelines';
import { FreezeFiles } from './freeze-files';
import { objectChanges } from './object-changes';
import { LoadedFiles } from './loaded-files';
import { errorCode, scanDirectory } from './scan-directory';

export interface DirectoryStoreOptions {
  /** The folder with the YAML files, as in `--pipelines-dir`. */
  readonly directory: string;
  /** The folder with the freezes that the API makes, as in `--freezes-dir`. */
  readonly freezesDirectory?: string;
  readonly parser: Parser;
  readonly log: Logger;
  /** Milliseconds between two scans; a change is applied after two identical scans. */
  readonly pollIntervalMs?: number;
}

/** A store that also lists what its directories hold. */
export interface DirectoryStore extends IndexedPipelineStore {
  /** All Freezes, from both directories, as they are now. @throws WindlassError store-unavailable */
  listFreezes(): Promise<readonly ListedFreeze[]>;
}

/**
 * Comparing the times of a few files is cheap. File change notifications (inotify and similar) do not work on network
 * mounts and between a virtual machine and its host.
 */
const defaultPollIntervalMs = 1_000;

/**
 * Reads Pipelines, Freezes and Secrets from the YAML files of a directory, again when they change. An error in a file is logged
 * once, with file, line, path and reason, and does not affect other files. While files are parsed, what was read before
 * remains in force.
 *
 * @throws WindlassError store-unavailable if the directory does not exist or cannot be read
 */
export async function createDirectoryStore(options: DirectoryStoreOptions): Promise<DirectoryStore> {
  const { directory, freezesDirectory, parser, log, pollIntervalMs = defaultPollIntervalMs } = options;
  const closing = new AbortController();
  const files = new LoadedFiles(parser, closing.signal);
  const made = new FreezeFiles(freezesDirectory, parser, closing.signal);
  let current = combineManifests([]);
  let index: { readonly of: ManifestSet; readonly repositories: RepositoryIndex } | undefined;
  let unavailable: WindlassError | undefined;
  let reported = new Set<string>();
  let notify: (pipelines: readonly PipelineRef[]) => void = () => undefined;
  let notifyOfFreeze: (change: FreezeChange) => void = () => undefined;

  /** Logs the messages that the last read did not log; never values. */
  const report = (faults: readonly Fault[], warnings: readonly Fault[]) => {
    const now = new Set<string>();
    const once = (fault: Fault, write: (message: string) => void) => {
      const message = formatFault(fault);
      now.add(message);
      if (!reported.has(message)) write(message);
    };
    for (const fault of faults) once(fault, (message) => log.error({ ...fault }, `Left out: ${message}`));
    for (const warning of warnings)
      once(warning, (message) => log.warn({ ...warning }, `Ignored: ${message}`));
    reported = now;
  };
  const read = async (settled: boolean): Promise<ManifestSet> => {
    const scan = await scanDirectory(directory);
    const changed = await files.update(scan, settled);
    const freezesChanged = await made.refresh();
    const all = [...files.manifests, ...made.manifests];
    const set = changed || freezesChanged ? combineManifests(all) : current;
    report(
      [...scan.faults, ...files.readFaults, ...made.faults, ...set.faults],
      all.flatMap((file) => file.warnings),
    );
    return set;
  };
  const apply = (set: ManifestSet): void => {
    const before = current;
    current = set;
    const changes = before === current ? undefined : objectChanges(before, current);
    if (changes === undefined) return;
    log.info({ directory, ...changes }, 'Pipelines, Freezes and Secrets have changed');
    const pipelines = changedPipelines(before, current);
    if (pipelines.length > 0) notify(pipelines);
    for (const change of freezeChanges(before, current)) notifyOfFreeze(change);
  };
  const refresh = async (): Promise<void> => {
    try {
      apply(await read(false));
      if (unavailable !== undefined) log.info({ directory }, 'The directory of Pipelines is readable again');
      unavailable = undefined;
    } catch (error) {
      if (closing.signal.aborted) return;
      const failure = unreadable(directory, error);
      if (unavailable === undefined) log.error({ directory, err: failure }, failure.message);
      unavailable = failure;
    }
  };

  await requireDirectory(directory);
  try {
    current = await read(true);
  } catch (error) {
    throw unreadable(directory, error);
  }
  log.info(
    {
      directory,
      pipelines: current.pipelines.size,
      freezes: current.freezes.size,
      secrets: current.secrets.size,
    },
    'Pipelines, Freezes and Secrets read',
  );

  const poller = startPolling(refresh, pollIntervalMs);
  const snapshot = (): ManifestSet => {
    if (unavailable !== undefined) throw unavailable;
    return current;
  };
  return {
    pipeline: async (ref) => {
      const key = formatPipelineRef(ref);
      const { pipelines, invalid } = snapshot();
      const reason = pipelines.has(key) ? undefined : invalid.get(key);
      if (reason !== undefined) throw invalidPipeline(key, reason);
      return Promise.resolve(pipelines.get(key));
    },
    repositories: async (provider, url) => {
      const set = snapshot();
      if (index?.of !== set) index = { of: set, repositories: indexOf(set) };
      return Promise.resolve(index.repositories.find(provider, url));
    },
    freezes: async (namespace) => {
      const all = [...snapshot().freezes.values()];
      made.requireKnown();
      return Promise.resolve(
        all.filter((freeze) => freeze.namespace === namespace || freeze.allNamespaces === true),
      );
    },
    list: () => listed(snapshot()),
    listFreezes: async () => {
      if (await made.refresh()) apply(combineManifests([...files.manifests, ...made.manifests]));
      made.requireKnown();
      const ours = made.names();
      return [...snapshot().freezes].map(([key, freeze]) => ({ ...freeze, ours: ours.has(key) }));
    },
    subscribe: (changed) => {
      notify = changed;
    },
    subscribeFreezes: (changed) => {
      notifyOfFreeze = changed;
    },
    secret: async (namespace, name) =>
      Promise.resolve(snapshot().secrets.get(formatPipelineRef({ namespace, name }))),
    ready: () => unavailable === undefined,
    close: () => {
      closing.abort(new Error('The store is closed.'));
      return poller.stop();
    },
  };
}

function listed({ pipelines, invalid }: ManifestSet): ListedPipeline[] {
  const valid = [...pipelines.values()].map((pipeline) => ({ valid: true, pipeline }) as const);
  const faulty = [...invalid].flatMap(([key, fault]) =>
    pipelines.has(key) ? [] : [{ valid: false, pipeline: refOf(key), fault } as const],
  );
  return [...valid, ...faulty];
}

function indexOf({ pipelines }: ManifestSet): RepositoryIndex {
  const repositories = new RepositoryIndex();
  for (const [key, pipeline] of pipelines) repositories.set(key, pipeline);
  return repositories;
}

async function requireDirectory(directory: string): Promise<void> {
  const status = await stat(directory).catch((error: unknown) => {
    throw unreadable(directory, error);
  });
  if (!status.isDirectory()) {
    throw new WindlassError('store-unavailable', `${directory} is not a directory.`);
  }
}

function unreadable(directory: string, cause: unknown): WindlassError {
  const code = errorCode(cause);
  const fault = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code})`;
  return new WindlassError('store-unavailable', `The directory ${directory} ${fault}.`, { cause });
}
