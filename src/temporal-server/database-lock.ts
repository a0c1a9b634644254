import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { EmbeddedTemporalError } from './embedded-temporal-error';
import { type ProcessIdentity, endProcess, findProcess, stillRuns } from './processes';

const identity = z.object({ pid: z.int().positive(), started: z.string() });
const lockFile = z.object({ owner: identity, server: identity.optional() });
type LockFile = z.infer<typeof lockFile>;

const orphanGraceMs = 10_000;

/** The lock of one directory's database: SQLite supports one server at a time. */
export interface DatabaseLock {
  /** Records the server, so that the next owner can end it if this process dies without doing so. */
  recordServer(pid: number): Promise<void>;
  release(): Promise<void>;
}

/**
 * Locks the directory's database for this process, and ends a server that a previous owner left running.
 * @param onOrphan called with the server that was left running
 * @throws EmbeddedTemporalError while another running process holds the lock
 */
export async function lockDatabase(
  directory: string,
  onOrphan: (server: ProcessIdentity) => void,
): Promise<DatabaseLock> {
  const path = join(directory, 'temporal.lock');
  const draft = `${path}.${process.pid}`;
  const owner = await identify(process.pid);
  const write = (content: LockFile) => writeFile(draft, JSON.stringify(content), { mode: 0o600 });
  await write({ owner });
  // A link appears atomically with its whole content, and never replaces an existing one.
  while (!(await tryLink(draft, path))) {
    const other = await read(path);
    if (other && (await stillRuns(other.owner))) {
      await rm(draft, { force: true });
      throw new EmbeddedTemporalError(
        `Process ${other.owner.pid} already runs a Temporal server on ${directory}. Stop it, or set another --data-dir.`,
      );
    }
    if (other?.server) await stopOrphan(other.server, onOrphan);
    await rm(path, { force: true });
  }
  await rm(draft, { force: true });
  return {
    async recordServer(pid) {
      await write({ owner, server: await identify(pid) });
      await rename(draft, path);
    },
    release: () => rm(path, { force: true }),
  };
}

async function identify(pid: number): Promise<ProcessIdentity> {
  const { started } = (await findProcess(pid)) ?? { started: '' };
  return { pid, started };
}

async function tryLink(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

async function read(path: string): Promise<LockFile | undefined> {
  try {
    return lockFile.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Ends the process only if it is still the same one: its id may have been reused. */
async function stopOrphan(
  server: ProcessIdentity,
  onOrphan: (server: ProcessIdentity) => void,
): Promise<void> {
  const found = await findProcess(server.pid);
  if (found?.started !== server.started || !found.command.includes(' start-dev ')) return;
  onOrphan(server);
  await endProcess(server, orphanGraceMs);
}
