/**
 * One side of the promotion benchmark, in a process of its own, so that the CPU it uses is known: that of Node, and that
 * of the programs it starts.
 */
import { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { cloneEditPush, type CloneRun } from './clone';
import { timed } from './measure';
import { type createPromoter, type Promoter } from './promoter';

/** Where a contender promotes: one repository with a cache of its own. */
export interface Course {
  readonly repositoryUrl: string;
  readonly token: string;
  readonly cacheDirectory: string;
}

export type Task =
  /** Takes the code of a checkout: this one, or one of an earlier commit. */
  | { readonly kind: 'start'; readonly checkout: string; readonly courses: readonly Course[] }
  | { readonly kind: 'promote'; readonly course: number; readonly release: number }
  | { readonly kind: 'forget'; readonly course: number }
  | { readonly kind: 'clone'; readonly run: CloneRun };

export interface Measurement {
  readonly ms: number;
  /** Milliseconds of CPU. */
  readonly nodeCpu: number;
  /** The same, counted in steps of 10: good as a mean over many. */
  readonly gitCpu: number;
  /** Those that Node started; they may have started others. */
  readonly processes: number;
  /** The pull request's, or 0 for other tasks. */
  readonly number: number;
}

/** Does the tasks that its parent process sends, one after the other, and answers each with a measurement. */
export async function main(): Promise<void> {
  const startedProcesses = countProcesses();
  const promoters: Promoter[] = [];
  process.on('message', (task: Task) => {
    void measure(() => perform(task, promoters), startedProcesses).then(
      (measurement) => process.send?.(measurement),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
  await new Promise((resolve) => process.once('disconnect', resolve));
}

/** @returns the pull request's number, or 0 */
async function perform(task: Task, promoters: Promoter[]): Promise<number> {
  if (task.kind === 'start') {
    const module = (await import(path.join(task.checkout, 'bench/promoter.ts'))) as {
      readonly createPromoter: typeof createPromoter;
    };
    promoters.push(
      ...task.courses.map(({ repositoryUrl, token, cacheDirectory }) =>
        module.createPromoter(repositoryUrl, token, cacheDirectory),
      ),
    );
    return 0;
  }
  if (task.kind === 'clone') {
    await cloneEditPush(task.run);
    return 0;
  }
  const promoter = promoters[task.course];
  if (promoter === undefined) throw new RangeError(`There is no course ${task.course}.`);
  if (task.kind === 'promote') return promoter.promote(task.release);
  await promoter.forget();
  return 0;
}

async function measure(run: () => Promise<number>, startedProcesses: () => number): Promise<Measurement> {
  const [cpu, git, processes] = [process.cpuUsage(), childrensCpu(), startedProcesses()];
  const { ms, result } = await timed(run);
  const { user, system } = process.cpuUsage(cpu);
  return {
    ms,
    nodeCpu: (user + system) / 1000,
    gitCpu: childrensCpu() - git,
    processes: startedProcesses() - processes,
    number: result,
  };
}

/** @returns milliseconds of CPU of all processes that have ended, with those that they started and waited for */
function childrensCpu(): number {
  // proc(5): fields 16 and 17, in hundredths of a second; the second field may hold spaces.
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) * 10;
}

/** Every process that Node starts passes through this method. @returns tells how many were started so far */
function countProcesses(): () => number {
  const prototype = ChildProcess.prototype as unknown as { spawn: (options: object) => unknown };
  const spawn = prototype.spawn;
  let count = 0;
  prototype.spawn = function (this: unknown, options) {
    count += 1;
    return spawn.call(this, options);
  };
  return () => count;
}
