/**
 * Ends a git command with all that it started. simple-git interrupts git alone, whose HTTP or SSH process then waits
 * for its server on its own; it shows neither a process id nor a process group. Descendants inherit the environment,
 * though, so each command gets a variable by which its family is known.
 */
import { readdir, readFile } from 'node:fs/promises';

export const familyVariable = 'WINDLASS_GIT_FAMILY';

/** Where there is no /proc, a command's family ends by itself: see http.lowSpeedTime and ssh's ServerAliveInterval. */
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
    // It ended by itself.
  }
}
