/** Files that appear complete: another process may read the directory at any moment. */
import { randomUUID } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from './scan-directory';

/** Everyone reads them, such as a worker that runs as another user; nothing in them is secret. */
const mode = 0o644;

/** @returns false: it exists, and is left as it is @throws the file system's error */
export async function createFile(file: string, text: string): Promise<boolean> {
  return withTemporary(file, text, async (temporary) => {
    try {
      await link(temporary, file);
      return true;
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return false;
      throw error;
    }
  });
}

/** @throws the file system's error */
export async function replaceFile(file: string, text: string): Promise<void> {
  await withTemporary(file, text, (temporary) => rename(temporary, file));
}

async function withTemporary<T>(
  file: string,
  text: string,
  use: (temporary: string) => Promise<T>,
): Promise<T> {
  // The scan skips names that begin with a dot.
  const temporary = path.join(path.dirname(file), `.${randomUUID()}.tmp`);
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(text);
      // The process's umask may have taken rights away.
      await handle.chmod(mode);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return await use(temporary);
  } finally {
    await rm(temporary, { force: true });
  }
}
