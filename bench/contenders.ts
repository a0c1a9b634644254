import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { type Course, type Measurement, type Task } from './contender';

export interface Contender {
  measure(task: Task): Promise<Measurement>;
  close(): void;
}

/** Starts one side of the benchmark with the code of a checkout. */
export async function startContender(checkout: string, courses: readonly Course[]): Promise<Contender> {
  const child = fork(path.join(__dirname, 'run.mjs'), [path.join(__dirname, 'contender.ts')]);
  const measure = async (task: Task): Promise<Measurement> => {
    const died = new AbortController();
    child.once('exit', () => died.abort(new Error('A contender died.')));
    child.send(task);
    const [measurement] = (await once(child, 'message', { signal: died.signal })) as [Measurement];
    child.removeAllListeners('exit');
    return measurement;
  };
  await measure({ kind: 'start', checkout, courses });
  return { measure, close: () => child.disconnect() };
}
