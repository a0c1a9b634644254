import { WindlassError } from '../../domain/errors';
import { clipText } from '../../domain/names';
import { type Git } from '../process/git-command';
import { isTooLarge } from '../process/git-failure';
import { grepPaths } from '../process/grep';
import { type ObjectReader } from '../process/object-reader';
import { readIndex, writeIndex, type IndexedFile } from '../cache/marker-index';
import { type MarkedFile } from '../repository';
import { entryAt, loadPathTrees } from './path-trees';
import { findCommits, readBlobs, readCommit, readSizes } from './stored-objects';
import { listTreeChanges } from './tree-changes';
import { isRegularFile } from './tree-object';

/** No manifest that a person maintains is larger. */
const maxFileBytes = 2_000_000;
/** All that is held in memory for one promotion. */
const maxTotalBytes = 16_000_000;
/** No environment has more; each is held in memory and named in the pull request. */
const maxMarkedFiles = 2_000;
/** What file systems take. Longer names come from attackers only, who repeat them in thousands of messages. */
const maxPathBytes = 4_096;
/** Deeper than any repository that people work in; each level is read by itself. */
const maxPathDepth = 100;
/** Beyond this many changed files, searching the whole commit is quicker than reading each. */
const maxChanged = 500;

/** What a search reads: the objects through one process, and with git itself what nothing is remembered of. */
export interface MarkerSearch {
  readonly git: Git;
  readonly reader: ObjectReader;
  /** Directory of the marker index. */
  readonly index: string;
}

/**
 * Regular `*.yaml` and `*.yml` files of a commit whose bytes contain `text`, by path.
 * @throws WindlassError invalid-manifest, for a file that is too large or has no readable name
 */
export async function findFilesContaining(
  search: MarkerSearch,
  commit: string,
  text: string,
): Promise<readonly MarkedFile[]> {
  const { reader, index } = search;
  const candidates = (await changedSince(search, commit, text)) ?? (await searched(search, commit, text));
  checkCount(candidates.length);
  const ids = candidates.map(({ blob }) => blob);
  checkSizes(candidates, await readSizes(reader, ids));
  const contents = await readBlobs(reader, ids, maxTotalBytes);
  const needle = Buffer.from(text);
  const files: (MarkedFile & IndexedFile)[] = [];
  candidates.forEach(({ path, blob }, position) => {
    const content = contents[position];
    if (content?.includes(needle) === true) files.push({ path, blob, content });
  });
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  await writeIndex(index, text, { commit, files: files.map(({ path, blob }) => ({ path, blob })) });
  return files.map(({ path, content }) => ({ path, content }));
}

/** What the index holds, brought up to `commit`; undefined where only a search of the whole commit can tell. */
async function changedSince(
  { reader, index }: MarkerSearch,
  commit: string,
  text: string,
): Promise<readonly IndexedFile[] | undefined> {
  const known = await readIndex(index, text);
  if (known === undefined) return undefined;
  if (known.commit === commit) return known.files;
  const [before, after] = await findCommits(reader, [known.commit, commit]);
  // The commit that the index speaks of may be gone from the cache.
  if (before === undefined || after === undefined) return undefined;
  const changes = await listTreeChanges(reader, before.tree, after.tree, maxChanged).catch(noneIfTooLarge);
  if (changes === undefined) return undefined;
  const kept = known.files.filter(({ path }) => !changes.has(path));
  const added = [...changes].flatMap(([path, entry]) =>
    entry !== undefined && isManifest(path) && isRegularFile(entry.mode) ? [{ path, blob: entry.id }] : [],
  );
  const sizes = await readSizes(
    reader,
    added.map(({ blob }) => blob),
  );
  // Too large to look into here; the search will tell whether it matters.
  if (sizes.some((size) => size > maxFileBytes)) return undefined;
  if (added.some(({ path }) => nameFault(path) !== undefined)) return undefined;
  return [...kept, ...added];
}

function noneIfTooLarge(error: unknown): undefined {
  if (isTooLarge(error)) return undefined;
  throw error;
}

async function searched(
  { git, reader }: MarkerSearch,
  commit: string,
  text: string,
): Promise<readonly IndexedFile[]> {
  const paths = await grepPaths(git, commit, text, ['*.yaml', '*.yml']);
  if (paths.length === 0) return [];
  checkCount(paths.length);
  paths.forEach(checkName);
  const { tree } = await readCommit(reader, commit);
  const trees = await loadPathTrees(reader, tree, paths);
  return paths.flatMap((path) => {
    const entry = entryAt(trees, path);
    return entry === undefined || !isRegularFile(entry.mode) ? [] : [{ path, blob: entry.id }];
  });
}

function isManifest(path: string): boolean {
  return path.endsWith('.yaml') || path.endsWith('.yml');
}

function checkSizes(files: readonly IndexedFile[], sizes: readonly number[]): void {
  let total = 0;
  files.forEach(({ path }, position) => {
    const size = sizes[position] ?? 0;
    total += size;
    if (size > maxFileBytes) {
      throw new WindlassError(
        'invalid-manifest',
        `${JSON.stringify(path)} bears a marker and has ${size} bytes, more than ${maxFileBytes}: move the marked version into a smaller file.`,
      );
    }
  });
  if (total > maxTotalBytes) {
    throw new WindlassError(
      'invalid-manifest',
      `The ${files.length} files that bear the marker have ${total} bytes, more than ${maxTotalBytes}: move the marked versions into smaller files.`,
    );
  }
}

function checkCount(count: number): void {
  if (count <= maxMarkedFiles) return;
  throw new WindlassError(
    'invalid-manifest',
    `${count} files bear the marker; more than ${maxMarkedFiles} are not edited.`,
  );
}

function checkName(path: string): void {
  const fault = nameFault(path);
  if (fault === undefined) return;
  throw new WindlassError(
    'invalid-manifest',
    `The name of the file ${JSON.stringify(clipText(path, 200))} ${fault}.`,
  );
}

/** Git hands over names as bytes; U+FFFD stands where they were no UTF-8. @returns undefined for a name that may be shown */
function nameFault(path: string): string | undefined {
  if (Buffer.byteLength(path) > maxPathBytes) return `is longer than ${maxPathBytes} bytes`;
  if (path.split('/').length > maxPathDepth) return `has more than ${maxPathDepth} parts`;
  return path.includes('\ufffd') ? 'is not valid UTF-8' : undefined;
}
