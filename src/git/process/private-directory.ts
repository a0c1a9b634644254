import { accessSync, constants } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const prefix = 'windlass-git-';
/** Longer than any promotion: an older directory was left by a process that was killed. */
const abandonedAfterMs = 3_600_000;

/** In memory, if Linux has it: key material that must be a file then never reaches a disk. */
function privateRoot(): string {
  try {
    accessSync('/dev/shm', constants.W_OK | constants.X_OK);
    return '/dev/shm';
  } catch {
    return tmpdir();
  }
}

/** Calls `use` with an empty directory (mode 0700) that is deleted when it returns. */
export async function withPrivateDirectory<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const root = privateRoot();
  await removeAbandoned(root);
  const directory = await mkdtemp(join(root, prefix));
  try {
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function removeAbandoned(root: string): Promise<void> {
  const names = (await readdir(root)).filter((name) => name.startsWith(prefix));
  await Promise.all(
    names.map(async (name) => {
      const path = join(root, name);
      const { mtimeMs } = await stat(path);
      if (Date.now() - mtimeMs > abandonedAfterMs) await rm(path, { recursive: true, force: true });
    }),
  ).catch(() => undefined);
}
