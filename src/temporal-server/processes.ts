import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A unique process: its id alone may be reused, but not together with its start time. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the operating system's own format. */
  readonly started: string;
}

export interface RunningProcess extends ProcessIdentity {
  readonly command: string;
}

/** @returns undefined if the process does not run */
export async function findProcess(pid: number): Promise<RunningProcess | undefined> {
  try {
    return process.platform === 'linux' ? await fromProc(pid) : await fromPs(pid);
  } catch {
    return undefined;
  }
}

/**
 * proc(5): field 3 is the state, field 22 the start time in ticks since boot; field 2, the name, can contain anything.
 */
async function fromProc(pid: number): Promise<RunningProcess | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === 'Z' || state === 'X') return undefined;
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
  return { pid, started: `${boot}/${rest[18] ?? ''}`, command };
}

/** ps prints `lstart` in exactly 24 characters: `Mon Nov 23 16:15:00 2026`. */
async function fromPs(pid: number): Promise<RunningProcess | undefined> {
  const { stdout } = await promisify(execFile)('ps', ['-ww', '-o', 'lstart=,command=', '-p', String(pid)], {
    env: { ...process.env, LC_ALL: 'C' },
  });
  const line = stdout.trim();
  return line ? { pid, started: line.slice(0, 24), command: line.slice(24).trim() } : undefined;
}

/** Whether exactly this process is still running. */
export async function stillRuns(identity: ProcessIdentity): Promise<boolean> {
  return (await findProcess(identity.pid))?.started === identity.started;
}

/** Terminates a process that is not our child, and kills it after `graceMs`. */
export async function endProcess(identity: ProcessIdentity, graceMs: number): Promise<void> {
  const deadline = Date.now() + graceMs;
  signal(identity.pid, 'SIGTERM');
  while (await stillRuns(identity)) {
    if (Date.now() > deadline) signal(identity.pid, 'SIGKILL');
    await sleep(50);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
