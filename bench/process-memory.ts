import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

const sampleEveryMs = 20;

/** Bytes. */
export interface PeakMemory {
  /** The process itself, as the kernel kept count: nothing is missed between samples. */
  readonly worker: number;
  /** With all its children, by samples; memory that processes share counts several times. */
  readonly family: number;
}

/** Watches the resident memory of a process until it is stopped. Needs Linux's /proc. */
export function watchMemory(pid: number): { stop(): Promise<PeakMemory> } {
  const watch = { running: true, family: 0 };
  const sampling = (async () => {
    while (watch.running) {
      watch.family = Math.max(watch.family, await familyBytes(pid));
      await delay(sampleEveryMs);
    }
  })();
  return {
    async stop() {
      watch.running = false;
      await sampling;
      const worker = await statusBytes(pid, 'VmHWM');
      if (worker === 0) throw new Error('The kernel does not tell the peak: this needs Linux.');
      return { worker, family: watch.family };
    },
  };
}

/** @returns bytes of resident memory now, or 0 for a process that has ended */
export function residentBytes(pid: number): Promise<number> {
  return statusBytes(pid, 'VmRSS').catch(() => 0);
}

async function familyBytes(pid: number): Promise<number> {
  try {
    const own = await statusBytes(pid, 'VmRSS');
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    const below = children.split(' ').flatMap((child) => (child === '' ? [] : [familyBytes(Number(child))]));
    return (await Promise.all(below)).reduce((sum, bytes) => sum + bytes, own);
  } catch {
    // It ended meanwhile.
    return 0;
  }
}

/** @returns 0 for a process that has ended and whose parent has not noticed */
async function statusBytes(pid: number, field: 'VmHWM' | 'VmRSS'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1];
  return Number(kilobytes ?? 0) * 1024;
}
