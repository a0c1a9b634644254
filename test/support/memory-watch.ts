import { readFile } from 'node:fs/promises';
import { processesBelow } from './child-processes';

const pollMs = 50;

/** How much memory a process takes while something is done to it. */
export interface MemoryWatch {
  /** The most so far above what it had at the start, in bytes. */
  growth(): number;
  stop(): void;
}

/** Watches the resident memory of a process on Linux. */
export function watchMemory(pid: number): Promise<MemoryWatch> {
  return watch(() => residentBytes(pid));
}

/** The same, with all processes that it started. */
export function watchFamilyMemory(pid: number): Promise<MemoryWatch> {
  return watch(async () => {
    const family = [pid, ...(await processesBelow(pid)).map((process) => process.pid)];
    const sizes = await Promise.all(family.map(residentBytes));
    return sizes.reduce((sum, size) => sum + size, 0);
  });
}

async function watch(measure: () => Promise<number>): Promise<MemoryWatch> {
  const idle = await measure();
  let most = idle;
  let growth = Promise.resolve();
  const timer = setInterval(() => {
    growth = growth.then(async () => {
      most = Math.max(most, await measure());
    });
  }, pollMs);
  return { growth: () => most - idle, stop: () => clearInterval(timer) };
}

/** proc(5): VmRSS, in kB. @returns 0 for a process that has ended */
async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
}
