import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { promisify } from 'node:util';

interface ProcessLine {
  readonly pid: number;
  readonly parent: number;
  /** As anybody on the machine can read it. */
  readonly commandLine: string;
}

/** All processes that `pid` and its descendants started and that run now. */
export async function processesBelow(pid: number): Promise<readonly ProcessLine[]> {
  const all = process.platform === 'linux' ? await fromProc() : await fromPs();
  const below = (parent: number): ProcessLine[] =>
    all.filter((each) => each.parent === parent).flatMap((child) => [child, ...below(child.pid)]);
  return below(pid);
}

async function fromProc(): Promise<ProcessLine[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    pids.map(async (pid) => {
      try {
        const [stat, commandLine] = await Promise.all([
          readFile(`/proc/${pid}/stat`, 'utf8'),
          readFile(`/proc/${pid}/cmdline`, 'utf8'),
        ]);
        // proc(5): behind the name, which may hold anything, come the state and the parent.
        const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return [{ pid: Number(pid), parent: Number(parent), commandLine: commandLine.replaceAll('\0', ' ') }];
      } catch {
        return [];
      }
    }),
  );
  return lines.flat();
}

async function fromPs(): Promise<ProcessLine[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args=']);
  return stdout.split('\n').flatMap((line) => {
    const match = /^ *(\d+) +(\d+) (.*)$/.exec(line);
    return match === null
      ? []
      : [{ pid: Number(match[1]), parent: Number(match[2]), commandLine: match[3] ?? '' }];
  });
}
