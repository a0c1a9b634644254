/** A file that a worker leaves in `--freezes-dir`, so that `api` knows that both have the same directory. */
import { mkdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from './scan-directory';

/** The scan skips names that begin with a dot. */
const mark = '.read-by-worker';

/** @throws the file system's error */
export async function markAsReadByWorker(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(directory, mark), '');
}

/** @throws the file system's error */
export async function isReadByWorker(directory: string): Promise<boolean> {
  try {
    return (await stat(path.join(directory, mark))).isFile();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
