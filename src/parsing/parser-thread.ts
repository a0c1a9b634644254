/** The script of the thread that `ThreadParser` starts: does one job at a time. */
import { parentPort } from 'node:worker_threads';
import { serialize } from 'node:v8';
import { doJob, type JobInput, type JobName } from './jobs';

export interface ThreadJob {
  readonly name: JobName;
  readonly input: JobInput<JobName>;
  /** The most that its output may have once it is serialized. */
  readonly maxOutputBytes: number;
}

/** The output, serialized, or why there is none. */
export type ThreadAnswer =
  | { readonly output: Uint8Array }
  | { readonly tooMuch: true }
  /** A bug. */
  | { readonly failure: string };

// The parser makes an error object of each error in a text.
Error.stackTraceLimit = 1;

parentPort?.on('message', (job: ThreadJob) => parentPort?.postMessage(answer(job)));

function answer({ name, input, maxOutputBytes }: ThreadJob): ThreadAnswer {
  try {
    const output = serialize(doJob(name, input));
    return output.length > maxOutputBytes ? { tooMuch: true } : { output };
  } catch (error) {
    return { failure: nameAndPlace(error) };
  }
}

/** Not the message, which may quote a Secret. */
function nameAndPlace(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  const frame = error.stack?.split('\n').at(-1)?.trim() ?? '';
  return frame.startsWith('at ') ? `${error.name} ${frame}` : error.name;
}
