import { randomUUID } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Puts a script in its place in one step: another process may run the one that is there. */
export async function installScript(path: string, text: string, mode: number): Promise<void> {
  const temporary = `${path}-${randomUUID()}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(temporary, text, { mode });
  await rename(temporary, path);
}
