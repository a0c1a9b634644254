/**
 * The processes that git starts. simple-git stops only git itself, and its HTTP or SSH process continues to wait for its
 * server; simple-git provides neither a process id nor a process group. But child processes inherit the environment, so
 * each command gets a variable that identifies its family. Without /proc, a family is not found: it ends by itself, see
 * http.lowSpeedTime and ssh's ServerAliveInterval.
 */
import { readdir, readFile } from 'node:fs/promises';

export const familyVariable = 'WINDLASS_GIT_FAMILY';

/** Kills a git command with all of its child processes. */
export async function endFamily(family: string): Promise<void> {
  for (const pid of await findProcesses(`${familyVariable}=${family}\0`)) kill(pid);
}

/** Kills the commands of all families with this prefix, with all of their child processes. */
export async function endFamilies(prefix: string): Promise<void> {
  for (const pid of await findProcesses(`${familyVariable}=${prefix}`)) kill(pid);
}

/**
 * Memory that the processes of all families with this prefix hold for themselves, in bytes. Mapped files count nothing:
 * the kernel takes those pages back when it needs them.
 */
export async function memoryOfFamilies(prefix: string): Promise<number> {
  const sizes = await Promise.all((await findProcesses(`${familyVariable}=${prefix}`)).map(anonymousBytes));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function findProcesses(variable: string): Promise<number[]> {
  const wanted = Buffer.from(variable);
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

/** proc(5): RssAnon, in kB. @returns 0 for a process that has ended */
async function anonymousBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The process has already ended.
  }
}
