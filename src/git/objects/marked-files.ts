import { WindlassError } from '../../domain/errors';
import { GitExit, type Git } from '../process/git-command';
import { readIndex, writeIndex, type IndexedFile } from '../cache/marker-index';
import { readObjectSizes, readObjects } from './object-reader';
import { type MarkedFile } from '../repository';
import { isRegularFile } from './tree-object';

/** No manifest that a person maintains is larger. */
const maxFileBytes = 5_000_000;
/** All that is held in memory for one promotion. */
const maxTotalBytes = 50_000_000;
/** Beyond this many changed files, searching the whole commit is quicker than reading each. */
const maxChanged = 500;

/**
 * Regular `*.yaml` and `*.yml` files of a commit whose bytes contain `text`, by path.
 * @param index directory of the marker index
 * @throws WindlassError invalid-manifest, for a file that is too large or has no readable name
 */
export async function findFilesContaining(
  git: Git,
  index: string,
  commit: string,
  text: string,
): Promise<readonly MarkedFile[]> {
  const candidates = (await changedSince(git, index, commit, text)) ?? (await searched(git, commit, text));
  const ids = candidates.map(({ blob }) => blob);
  checkSizes(candidates, await readObjectSizes(git, ids));
  const contents = await readObjects(git, ids);
  const needle = Buffer.from(text);
  const files: (MarkedFile & IndexedFile)[] = [];
  candidates.forEach(({ path, blob }, position) => {
    const content = contents[position]?.content;
    if (content?.includes(needle) === true) files.push({ path, blob, content });
  });
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  await writeIndex(index, text, { commit, files: files.map(({ path, blob }) => ({ path, blob })) });
  files.forEach(({ path }) => checkName(path));
  return files.map(({ path, content }) => ({ path, content }));
}

/** What the index holds, brought up to `commit`; undefined where only a search of the whole commit can tell. */
async function changedSince(
  git: Git,
  index: string,
  commit: string,
  text: string,
): Promise<readonly IndexedFile[] | undefined> {
  const known = await readIndex(index, text);
  if (known === undefined) return undefined;
  if (known.commit === commit) return known.files;
  const changes = await diff(git, known.commit, commit);
  if (changes === undefined || changes.size > maxChanged) return undefined;
  const kept = known.files.filter(({ path }) => !changes.has(path));
  const added = [...changes].flatMap(([path, blob]) => (blob === undefined ? [] : [{ path, blob }]));
  const sizes = await readObjectSizes(
    git,
    added.map(({ blob }) => blob),
  );
  // Too large to look into here; the search will tell whether it matters.
  if (sizes.some((size) => size > maxFileBytes)) return undefined;
  return [...kept, ...added];
}

/** Changed paths with their new blob; undefined for what is no regular manifest, or gone. */
async function diff(
  git: Git,
  from: string,
  to: string,
): Promise<Map<string, string | undefined> | undefined> {
  let output: string;
  try {
    output = await git.text([
      'diff-tree',
      '-r',
      '-z',
      '--raw',
      '--no-renames',
      '--full-index',
      from,
      to,
      '--',
    ]);
  } catch (error) {
    // The commit that the index speaks of may be gone from the cache.
    if (error instanceof GitExit) return undefined;
    throw error;
  }
  const changes = new Map<string, string | undefined>();
  const fields = output.split('\0');
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, mode = '', , blob = ''] = (fields[at] ?? '').split(' ');
    const path = fields[at + 1] ?? '';
    changes.set(path, isManifest(path) && isRegularFile(mode) ? blob : undefined);
  }
  return changes;
}

async function searched(git: Git, commit: string, text: string): Promise<readonly IndexedFile[]> {
  // Pathspecs are globs here and nowhere else: `*` matches across directories.
  const patterns = ['*.yaml', '*.yml'];
  const found = await git.text(['grep', '-z', '-l', '-F', '-e', text, commit, '--', ...patterns], {
    answers: [1],
  });
  const paths = new Set(
    found
      .split('\0')
      .filter((name) => name !== '')
      .map((name) => name.slice(commit.length + 1)),
  );
  if (paths.size === 0) return [];
  const listing = await git.text(['ls-tree', '-r', '-z', '--full-tree', commit, '--']);
  return listing.split('\0').flatMap((line) => {
    const tab = line.indexOf('\t');
    const path = line.slice(tab + 1);
    if (tab < 0 || !paths.has(path)) return [];
    const [mode = '', , blob = ''] = line.slice(0, tab).split(' ');
    return isRegularFile(mode) ? [{ path, blob }] : [];
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
        `${JSON.stringify(path)} bears a marker and has ${size} bytes; more than ${maxFileBytes} are not edited.`,
      );
    }
  });
  if (total > maxTotalBytes) {
    throw new WindlassError(
      'invalid-manifest',
      `The ${files.length} files that bear the marker have ${total} bytes; more than ${maxTotalBytes} are not edited.`,
    );
  }
}

/** Git hands over names as bytes; U+FFFD stands where they were no UTF-8. */
function checkName(path: string): void {
  if (path.includes('\ufffd')) {
    throw new WindlassError(
      'invalid-manifest',
      `The name of the file ${JSON.stringify(path)} is not valid UTF-8.`,
    );
  }
}
