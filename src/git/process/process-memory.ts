import { readFile } from 'node:fs/promises';

/**
 * A field of proc(5)'s status, in bytes: `VmRSS` is what a process has in memory, `RssAnon` the part of it without mapped files.
 * @returns 0 for a process that has ended, and where there is no /proc
 */
export async function processMemory(pid: number, field: 'VmRSS' | 'RssAnon'): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) * 1024;
}
