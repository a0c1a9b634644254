import { type Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Fault } from '../../resources/parse-manifests';

/** A YAML file at the time of the scan. */
export interface ScannedFile {
  /** Relative to the directory, with slashes. */
  readonly name: string;
  /** The real path, with all symbolic links resolved. */
  readonly path: string;
  /** Changes whenever the content may have changed. */
  readonly fingerprint: string;
}

export interface Scan {
  /** Sorted by name. */
  readonly files: readonly ScannedFile[];
  /** Entries that were skipped. */
  readonly faults: readonly Fault[];
  /** False: part of the directory could not be read, so a file that is not listed may still exist. */
  readonly complete: boolean;
}

/**
 * Lists all `*.yaml` and `*.yml` files below a directory.
 *
 * Mounted ConfigMaps and Secrets are folders of symbolic links into `..data`, which is a link to `..<time>`. Therefore
 * links are followed if they stay inside the directory, names that begin with a dot are skipped, and a file that can
 * be reached in two ways counts once.
 *
 * @throws the file system's error when the directory itself cannot be listed
 */
export async function scanDirectory(directory: string): Promise<Scan> {
  const root = await realpath(directory);
  const files: ScannedFile[] = [];
  const faults: Fault[] = [];
  const seen = new Set<string>([root]);
  let complete = true;

  const giveUp = (name: string, error: unknown) => {
    const code = errorCode(error);
    // Deleted since the listing; the next scan does not list it.
    if (code === 'ENOENT') return;
    complete = false;
    faults.push({ source: name, path: '', reason: `cannot be read (${code})` });
  };
  const visit = async (entry: Dirent, folder: string, name: string): Promise<void> => {
    const place = await resolve(entry, folder);
    if (place === undefined || !isInside(root, place)) {
      const reason = place === undefined ? 'is a broken link' : 'is a link out of the directory';
      faults.push({ source: name, path: '', reason });
      return;
    }
    const status = await stat(place, { bigint: true });
    if (seen.has(place)) return;
    if (status.isDirectory()) {
      seen.add(place);
      await list(place, await readdir(place, { withFileTypes: true }), `${name}/`);
    } else if (status.isFile() && /\.ya?ml$/i.test(name)) {
      seen.add(place);
      const { dev, ino, size, mtimeNs, ctimeNs } = status;
      files.push({ name, path: place, fingerprint: [place, dev, ino, size, mtimeNs, ctimeNs].join(':') });
    }
  };
  const list = async (folder: string, entries: readonly Dirent[], prefix: string): Promise<void> => {
    const visible = entries.filter((entry) => !entry.name.startsWith('.'));
    for (const entry of visible.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = prefix + entry.name;
      await visit(entry, folder, name).catch((error: unknown) => giveUp(name, error));
    }
  };
  await list(root, await readdir(root, { withFileTypes: true }), '');
  return { files, faults, complete };
}

/** The target of an entry; undefined for a broken or circular link. */
async function resolve(entry: Dirent, folder: string): Promise<string | undefined> {
  const place = path.join(folder, entry.name);
  if (!entry.isSymbolicLink()) return place;
  try {
    return await realpath(place);
  } catch (error) {
    if (['ENOENT', 'ELOOP'].includes(errorCode(error))) return undefined;
    throw error;
  }
}

function isInside(root: string, place: string): boolean {
  const way = path.relative(root, place);
  // Not startsWith('..'): the files of a mounted volume are in a folder whose name begins with two dots.
  return way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}

/** The file system's error code, such as `EACCES`. */
export function errorCode(error: unknown): string {
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  return isCoded && typeof error.code === 'string' ? error.code : 'unknown';
}
