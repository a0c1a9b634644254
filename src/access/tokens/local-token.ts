import { randomBytes, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

const tokenForm = /^[A-Za-z0-9_-]{43}$/;

/** Where the token of `windlass dev` is, for its clients on this machine. */
export function localTokenFile(dataDir: string): string {
  return join(dataDir, 'api-token');
}

/**
 * The local token: that of the last start, or a new one if there is none, or if others could have read it.
 * @param dataDir an existing directory
 * @throws the file system's error
 */
export async function ensureLocalToken(dataDir: string): Promise<string> {
  const file = localTokenFile(dataDir);
  const kept = await readOwn(file);
  if (kept !== undefined) return kept;
  const token = randomBytes(32).toString('base64url');
  const written = `${file}.${randomUUID()}`;
  try {
    const handle = await open(written, 'wx', 0o600);
    try {
      await handle.writeFile(`${token}\n`);
    } finally {
      await handle.close();
    }
    await rename(written, file);
  } catch (error) {
    await rm(written, { force: true });
    throw error;
  }
  return token;
}

/** @returns undefined if there is no token that this user alone can read */
async function readOwn(file: string): Promise<string | undefined> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const { mode, uid, size } = await handle.stat();
    const isOwn = (mode & 0o077) === 0 && uid === process.getuid?.() && size < 100;
    const token = isOwn ? (await handle.readFile('utf8')).trim() : '';
    return tokenForm.test(token) ? token : undefined;
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}
