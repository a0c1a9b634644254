/**
 * The processes that git starts. simple-git stops only git itself, and its HTTP or SSH process continues to wait for its
 * server; simple-git provides neither a process id nor a process group. But child processes inherit the environment, so
 * each command gets a variable that identifies its family. Without /proc, a family is not found: it ends by itself, see
 * http.lowSpeedTime and ssh's ServerAliveInterval.
 */
import { readdir, readFile } from 'node:fs/promises';
import { processMemory } from './process-memory';

export const familyVariable = 'WINDLASS_GIT_FAMILY';

/** Kills the git commands of all families with this prefix, or of this one, with all of their child processes. */
export async function endFamilies(prefix: string): Promise<void> {
  for (const pid of await findProcesses(prefix)) kill(pid);
}

/**
 * Memory that the processes of all families with this prefix hold for themselves, in bytes. Mapped files count nothing:
 * the kernel takes those pages back when it needs them.
 */
export async function memoryOfFamilies(prefix: string): Promise<number> {
  const pids = await findProcesses(prefix);
  const sizes = await Promise.all(pids.map((pid) => processMemory(pid, 'RssAnon')));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function findProcesses(prefix: string): Promise<number[]> {
  const wanted = Buffer.from(`${familyVariable}=${prefix}`);
  const names = await readdir('/proc').catch((): string[] => []);
  const found = await Promise.all(
    names
      .filter((name) => /^\d+$/.test(name))
      .map(async (name) => {
        const environment = await readFile(`/proc/${name}/environ`).catch(() => undefined);
        return environment?.includes(wanted) === true ? Number(name) : undefined;
      }),
  );
  return found.filter((pid) => pid !== undefined);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The process has already ended.
  }
}
