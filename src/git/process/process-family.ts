/**
 * Kills a git command with all of its child processes. simple-git stops only git itself, and its HTTP or SSH process
 * continues to wait for its server; simple-git provides neither a process id nor a process group. But child processes
 * inherit the environment, so each command gets a variable that identifies its family.
 */
import { readdir, readFile } from 'node:fs/promises';

export const familyVariable = 'WINDLASS_GIT_FAMILY';

/** Without /proc, a command's family ends by itself: see http.lowSpeedTime and ssh's ServerAliveInterval. */
export async function endFamily(family: string): Promise<void> {
  const wanted = Buffer.from(`${familyVariable}=${family}\0`);
  const names = await readdir('/proc').catch((): string[] => []);
  await Promise.all(
    names
      .filter((name) => /^\d+$/.test(name))
      .map(async (name) => {
        const environment = await readFile(`/proc/${name}/environ`).catch(() => undefined);
        if (environment?.includes(wanted) === true) kill(Number(name));
      }),
  );
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The process has already ended.
  }
}
