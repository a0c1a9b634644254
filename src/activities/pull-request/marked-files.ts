import { WindlassError } from '../../domain/errors';
import { type ReportedVersion } from '../../domain/version/reported-version';
import { type PromotionTask } from '../../domain/promotion/promotion';
import { type FileEdit, type MarkedFile, type Repository } from '../../git/repository';
import { findMisses } from '../../manifests/marker-misses';
import { sopsWarning } from '../../manifests/sops';
import { type FileMiss, blockingMisses, describeMisses, describeUnread } from './missed-markers';
import { ManifestFault } from '../../manifests/manifest-fault';
import { type Marker, markerValue } from '../../manifests/marker';
import { setMarkedVersions } from '../../manifests/set-marked-versions';

/** One marked version, and its replacement. */
export interface VersionChange {
  readonly path: string;
  readonly line: number;
  readonly previous: string;
  /** What is written, or stays. */
  readonly next: string;
  /** Sentences for the reviewer. */
  readonly warnings: readonly string[];
}

export interface MarkedVersions {
  /** Every marked version of the environment, changed or not; at least one. */
  readonly marked: readonly VersionChange[];
  /** The files whose bytes change. */
  readonly edits: readonly FileEdit[];
  /** Sentences for the reviewer that belong to no one version. */
  readonly warnings: readonly string[];
}

/** What was found in the files so far. */
interface Findings {
  readonly marked: VersionChange[];
  readonly edits: FileEdit[];
  readonly misses: FileMiss[];
  /** Markers that count and cannot be honoured. */
  readonly faults: FileMiss[];
  readonly warnings: string[];
}

/**
 * Finds every marker of the task's environment in a commit and sets its version. A marker that does not count is never
 * passed over in silence.
 * @throws WindlassError no-marker, invalid-manifest
 */
export async function setVersions(
  repository: Repository,
  commit: string,
  base: string,
  task: PromotionTask,
): Promise<MarkedVersions> {
  const marker: Marker = {
    namespace: task.pipeline.namespace,
    pipeline: task.pipeline.name,
    environment: task.to,
  };
  const found: Findings = { marked: [], edits: [], misses: [], faults: [], warnings: [] };
  for (const file of await repository.filesContaining(commit, markerValue(marker))) {
    readFile(file, marker, reportedVersion(task), found);
  }
  const { marked, edits, warnings } = found;
  const misses = [...found.faults, ...found.misses];
  if (marked.length === 0 && found.faults.length > 0) {
    throw new WindlassError('invalid-manifest', describeMisses(found.faults));
  }
  if (marked.length === 0) throw await noMarker(repository, commit, base, marker, misses);
  const marks = marked.map(({ path }) => path);
  const blocking = blockingMisses(misses, marks);
  if (blocking.length > 0) {
    throw new WindlassError(
      'invalid-manifest',
      `${marked.length} marked ${marked.length === 1 ? 'version' : 'versions'} of ${markerValue(marker)} could be set, but not all. ${describeMisses(blocking)}`,
    );
  }
  return { marked, edits, warnings: [...warnings, ...misses.map((miss) => describeMisses([miss]))] };
}

function readFile(file: MarkedFile, marker: Marker, report: ReportedVersion, found: Findings): void {
  const { path, content } = file;
  const text = content.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(content)) {
    found.faults.push({ path, line: 1, reason: 'The file is not valid UTF-8', exact: true });
    return;
  }
  try {
    const edited = setMarkedVersions(text, marker, report);
    found.marked.push(...edited.changes.map((change) => ({ path, ...change })));
    found.misses.push(...edited.misses.map((miss) => ({ path, ...miss })));
    if (edited.text === text) return;
    found.edits.push({ path, content: Buffer.from(edited.text, 'utf8') });
    const sops = sopsWarning(text);
    if (sops !== undefined) found.warnings.push(`${path}: ${sops}`);
  } catch (error) {
    if (!(error instanceof ManifestFault)) throw error;
    found.faults.push({ path, line: error.line, reason: error.reason, exact: true });
  }
}

/** Why there is nothing to set: the nearest miss, if there is one. */
async function noMarker(
  repository: Repository,
  commit: string,
  base: string,
  marker: Marker,
  misses: readonly FileMiss[],
): Promise<WindlassError> {
  const others = misses.length > 0 ? misses : await similarMarkers(repository, commit, marker);
  const fault = `No manifest on the branch ${base} has the marker # {"$promotion": "${markerValue(marker)}"}.`;
  if (others.length > 0) return new WindlassError('no-marker', `${fault} ${describeMisses(others)}`);
  const unread = await repository.unreadFiles(commit, markerValue(marker));
  return new WindlassError('no-marker', [fault, ...describeUnread(unread)].join(' '));
}

/** Markers of the same pipeline that may have been meant for this environment. */
async function similarMarkers(repository: Repository, commit: string, marker: Marker): Promise<FileMiss[]> {
  const files = await repository.filesContaining(commit, `${marker.namespace}:${marker.pipeline}:`);
  return files.flatMap(({ path, content }) =>
    findMisses(content.toString('utf8'), marker, new Set(), new Set()).map((miss) => ({ path, ...miss })),
  );
}

/** What Flux reported of the version that is promoted. */
function reportedVersion({ version, event }: PromotionTask): ReportedVersion {
  const { revision, ociDigest } = event;
  return {
    version,
    ...(revision === undefined ? {} : { revision }),
    ...(ociDigest === undefined ? {} : { ociDigest }),
  };
}
