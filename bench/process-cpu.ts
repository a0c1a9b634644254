import { readFile } from 'node:fs/promises';

/** USER_HZ, which Linux fixes at 100 for everything in /proc (time(7)). */
const ticksPerSecond = 100;

/** @returns seconds of CPU that a process and its children that ended have used; needs Linux's /proc */
export async function cpuSeconds(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // proc(5): behind the name, which may hold anything, fields 14 to 17 are utime, stime, cutime and cstime.
  const ticks = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15);
  return ticks.reduce((sum, each) => sum + Number(each), 0) / ticksPerSecond;
}
