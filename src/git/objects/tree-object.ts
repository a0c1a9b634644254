/**
 * Git's tree objects, byte for byte (https://git-scm.com/book/en/v2/Git-Internals-Git-Objects):
 * `<mode> <name>\0<object id in binary>` for each entry, sorted by name.
 */

export interface TreeEntry {
  /** Octal, without leading zeros, as the tree spells it: `100644`, `40000`, … */
  readonly mode: string;
  /** The bytes of one path component. */
  readonly name: Buffer;
  /** Full hex object name. */
  readonly id: string;
}

export const directoryMode = '40000';

/** U+FFFD stands where the name is not UTF-8. */
export function nameOf(entry: TreeEntry): string {
  return entry.name.toString('utf8');
}

/** Modes of regular files: 100664 is what old versions of Git wrote. */
export function isRegularFile(mode: string): boolean {
  return mode === '100644' || mode === '100755' || mode === '100664';
}

/**
 * @param idBytes 20 for SHA-1 repositories, 32 for SHA-256
 * @throws RangeError for anything that is not a tree
 */
export function parseTree(tree: Buffer, idBytes: number): TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < tree.length;) {
    const space = tree.indexOf(0x20, at);
    const end = tree.indexOf(0, space);
    const next = end + 1 + idBytes;
    if (space < 0 || end < 0 || next > tree.length) throw new RangeError('truncated tree object');
    entries.push({
      mode: tree.toString('latin1', at, space),
      name: tree.subarray(space + 1, end),
      id: tree.toString('hex', end + 1, next),
    });
    at = next;
  }
  return entries;
}

/** The inverse of {@link parseTree}; order is the caller's, so a tree whose ids alone change stays sorted. */
export function formatTree(entries: readonly TreeEntry[]): Buffer {
  return Buffer.concat(
    entries.flatMap(({ mode, name, id }) => [
      Buffer.from(`${mode} `, 'latin1'),
      name,
      Buffer.from([0]),
      Buffer.from(id, 'hex'),
    ]),
  );
}
