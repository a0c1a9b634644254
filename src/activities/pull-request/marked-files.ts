import { WindlassError } from '../../domain/errors';
import { type ReportedVersion } from '../../domain/version/reported-version';
import { type PromotionTask } from '../../domain/promotion/promotion';
import { type FileEdit, type MarkedFile, type Repository } from '../../git/repository';
import { type JobInput, type JobName, type JobOutput } from '../../parsing/jobs';
import { BeyondParserLimits, type Parser } from '../../parsing/parser';
import { type FileMiss, blockingMisses, describeMisses, describeUnread } from './missed-markers';
import { type Marker, markerValue } from '../../manifests/marker';

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

/** Where manifests come from, and how they are parsed. */
export interface ManifestSource {
  readonly repository: Repository;
  readonly parser: Parser;
  readonly signal: AbortSignal;
}

/** All that is parsed for one promotion: about half a minute, and far more than the markers of any environment are in. */
const maxTokensOfAll = 2_000_000;
/** Markers that are held in memory for one promotion, those that do not count among them. */
const maxMarkers = 10_000;

/** What was found in the files so far. */
interface Findings {
  readonly marked: VersionChange[];
  readonly edits: FileEdit[];
  readonly misses: FileMiss[];
  /** Markers that count and cannot be honoured. */
  readonly faults: FileMiss[];
  readonly warnings: string[];
  tokenCount: number;
}

/**
 * Finds every marker of the task's environment in a commit and sets its version. A marker that does not count is never
 * passed over in silence.
 * @throws WindlassError no-marker, invalid-manifest
 */
export async function setVersions(
  source: ManifestSource,
  commit: string,
  base: string,
  task: PromotionTask,
): Promise<MarkedVersions> {
  const marker: Marker = {
    namespace: task.pipeline.namespace,
    pipeline: task.pipeline.name,
    environment: task.to,
  };
  const found: Findings = { marked: [], edits: [], misses: [], faults: [], warnings: [], tokenCount: 0 };
  for (const file of await source.repository.filesContaining(commit, markerValue(marker))) {
    await readFile(source, file, marker, reportedVersion(task), found);
    checkAmount(found, file.path, markerValue(marker));
  }
  const { marked, edits, warnings } = found;
  const misses = [...found.faults, ...found.misses];
  if (marked.length === 0 && found.faults.length > 0) {
    throw new WindlassError('invalid-manifest', describeMisses(found.faults));
  }
  if (marked.length === 0) throw await noMarker(source, commit, base, marker, misses);
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

async function readFile(
  source: ManifestSource,
  file: MarkedFile,
  marker: Marker,
  report: ReportedVersion,
  found: Findings,
): Promise<void> {
  const { path } = file;
  const input = { bytes: file.content, marker, report, repairs: true };
  const edited = await parse(source, path, 'editManifest', input);
  found.tokenCount += edited.tokenCount;
  if (edited.fault !== undefined) {
    found.faults.push({ path, ...edited.fault, exact: true });
    return;
  }
  for (const change of edited.changes) found.marked.push({ path, ...change });
  for (const miss of edited.misses) found.misses.push({ path, ...miss });
  if (edited.content !== undefined) found.edits.push({ path, content: Buffer.from(edited.content) });
  if (edited.sops !== undefined) found.warnings.push(`${path}: ${edited.sops}`);
}

/**
 * Parses one file. Each tenant has its turn.
 * @throws WindlassError invalid-manifest, where the file takes more time or memory than any manifest; timed-out
 */
async function parse<Name extends JobName>(
  { parser, signal }: ManifestSource,
  path: string,
  name: Name,
  input: JobInput<Name> & { readonly marker: Marker },
): Promise<JobOutput<Name>> {
  try {
    return await parser.run(input.marker.namespace, name, input, signal);
  } catch (error) {
    if (signal.aborted) {
      throw new WindlassError('timed-out', 'The promotion ran out of time while its manifests were parsed.');
    }
    if (!(error instanceof BeyondParserLimits)) throw error;
    throw new WindlassError('invalid-manifest', `${path}:1: The file ${error.reason}.`);
  }
}

/** @throws WindlassError invalid-manifest */
function checkAmount({ tokenCount, marked, misses }: Findings, path: string, value: string): void {
  const tooMuch =
    tokenCount > maxTokensOfAll
      ? `more than ${maxTokensOfAll} YAML tokens`
      : marked.length + misses.length > maxMarkers
        ? `more than ${maxMarkers} markers`
        : undefined;
  if (tooMuch === undefined) return;
  throw new WindlassError(
    'invalid-manifest',
    `${path}: The files with the marker ${value}, up to this one, have ${tooMuch}: use a separate environment or Pipeline for some of them, or move the marked versions into smaller files.`,
  );
}

/** Why there is nothing to set: the nearest miss, if there is one. */
async function noMarker(
  source: ManifestSource,
  commit: string,
  base: string,
  marker: Marker,
  misses: readonly FileMiss[],
): Promise<WindlassError> {
  const others = misses.length > 0 ? misses : await similarMarkers(source, commit, marker);
  const fault = `No manifest on the branch ${base} has the marker # {"$promotion": "${markerValue(marker)}"}.`;
  if (others.length > 0) return new WindlassError('no-marker', `${fault} ${describeMisses(others)}`);
  const unread = await source.repository.unreadFiles(commit, markerValue(marker));
  return new WindlassError('no-marker', [fault, ...describeUnread(unread)].join(' '));
}

/**
 * Markers of the same pipeline that may have been meant for this environment. Parses no YAML: all files that a repository
 * may give take a few seconds.
 */
async function similarMarkers(source: ManifestSource, commit: string, marker: Marker): Promise<FileMiss[]> {
  const found: FileMiss[] = [];
  const text = `${marker.namespace}:${marker.pipeline}:`;
  const files = await source.repository.filesContaining(commit, text);
  for (const { path, content } of files) {
    const misses = await parse(source, path, 'findMisses', { bytes: content, marker });
    for (const miss of misses) found.push({ path, ...miss });
    if (found.length > maxMarkers) break;
  }
  return found;
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
