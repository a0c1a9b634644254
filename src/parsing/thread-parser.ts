import { deserialize } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { FairQueue } from './fair-queue';
import { type JobInput, type JobName, type JobOutput } from './jobs';
import { BeyondParserLimits, type Parser } from './parser';
import { type ThreadAnswer, type ThreadJob } from './parser-thread';
import { doQuickJob } from './quick-jobs';

export interface ThreadParserOptions {
  /** The path of the compiled `parser-thread.ts`. */
  readonly script: string;
  readonly limits?: Partial<ThreadLimits>;
}

export interface ThreadLimits {
  /**
   * For one job, and the start of the thread where there is none. The slowest YAML within the limits on tokens takes
   * about four, on a busy machine more.
   */
  readonly seconds: number;
  /** What is alive in the thread's heap; 250,000 tokens need about half. */
  readonly heapMiB: number;
  /** Of one job's output; a file of 2 MB gives less. */
  readonly outputBytes: number;
}

const defaultLimits: ThreadLimits = { seconds: 30, heapMiB: 128, outputBytes: 4 * 1024 * 1024 };
/** Starting again takes 100 ms. */
const idleMs = 5_000;

interface QueuedJob {
  readonly name: JobName;
  readonly input: JobInput<JobName>;
  readonly settle: (answer: ThreadAnswer) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * A parser with a thread of its own for what is not certain to be quick, one job at a time. The thread has hard limits:
 * a job that reaches one ends the thread, not the process. It starts when it is needed and ends when it is idle.
 */
export function createThreadParser({ script, limits }: ThreadParserOptions): Parser {
  const thread = new ParserThread(script, { ...defaultLimits, ...limits });
  return {
    run: async <Name extends JobName>(
      guest: string,
      name: Name,
      input: JobInput<Name>,
      signal?: AbortSignal,
    ) => {
      signal?.throwIfAborted();
      const quick = await doQuickJob(name, input);
      return quick === undefined ? await thread.run(guest, name, input, signal) : quick.output;
    },
    close: () => thread.close(),
  };
}

class ParserThread {
  readonly #script: string;
  readonly #limits: ThreadLimits;
  readonly #queue = new FairQueue<QueuedJob>();
  #worker: Worker | undefined;
  #current: QueuedJob | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ending: Promise<unknown> | undefined;
  #closed = false;

  constructor(script: string, limits: ThreadLimits) {
    this.#script = script;
    this.#limits = limits;
  }

  async run<Name extends JobName>(
    guest: string,
    name: Name,
    input: JobInput<Name>,
    signal?: AbortSignal,
  ): Promise<JobOutput<Name>> {
    if (this.#closed) throw new Error('The parser is closed.');
    signal?.throwIfAborted();
    const { promise, resolve: settle, reject: fail } = Promise.withResolvers<ThreadAnswer>();
    const job: QueuedJob = { name, input, settle, fail };
    const abort = (): void => this.#abort(guest, job, signal?.reason);
    signal?.addEventListener('abort', abort);
    this.#queue.add(guest, job);
    this.#next();
    const answer = await promise.finally(() => signal?.removeEventListener('abort', abort));
    if ('output' in answer) return deserialize(answer.output) as JobOutput<Name>;
    if ('tooMuch' in answer) throw this.#needsMemory();
    throw new Error(`The parser's job ${name} failed: ${answer.failure}.`);
  }

  async close(): Promise<void> {
    this.#closed = true;
    const closed = new Error('The parser is closed.');
    for (let job = this.#queue.take(); job !== undefined; job = this.#queue.take()) job.fail(closed);
    await this.#drop(closed);
    clearTimeout(this.#timer);
  }

  #next(): void {
    // Two threads at once would have twice the memory.
    if (this.#current !== undefined || this.#ending !== undefined) return;
    clearTimeout(this.#timer);
    for (let job = this.#queue.take(); job !== undefined; job = this.#queue.take()) {
      try {
        this.#send(job);
        return;
      } catch (error) {
        // Where the process may have no more threads or memory. Later jobs may have more luck.
        job.fail(error);
      }
    }
    this.#worker?.unref();
    this.#timer = setTimeout(() => void this.#drop(new Error('idle')), idleMs).unref();
  }

  /** Makes a job the current one. @throws whatever keeps a thread from starting */
  #send(job: QueuedJob): void {
    const worker = (this.#worker ??= this.#start());
    // A copy: the bytes of a Buffer can be a part of much more, and all of that would be sent.
    const bytes = new Uint8Array(job.input.bytes);
    const sent: ThreadJob = {
      name: job.name,
      input: { ...job.input, bytes },
      maxOutputBytes: this.#limits.outputBytes,
    };
    worker.postMessage(sent, [bytes.buffer]);
    worker.ref();
    this.#current = job;
    const { seconds } = this.#limits;
    const late = new BeyondParserLimits(
      `takes more than ${seconds} s to parse: split it, or make it simpler`,
    );
    this.#timer = setTimeout(() => void this.#drop(late), seconds * 1_000);
  }

  #abort(guest: string, job: QueuedJob, reason: unknown): void {
    if (this.#current === job) {
      void this.#drop(reason);
    } else {
      this.#queue.remove(guest, job);
      job.fail(reason);
    }
  }

  #start(): Worker {
    const worker = new Worker(this.#script, {
      name: 'parser',
      // The thread needs no credentials.
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.heapMiB, maxYoungGenerationSizeMb: 16 },
    });
    const lost = (error: Error): void => {
      if (this.#worker === worker) void this.#drop(error);
    };
    worker.on('message', (answer: ThreadAnswer) => {
      const current = this.#current;
      if (this.#worker !== worker || current === undefined) return;
      this.#current = undefined;
      current.settle(answer);
      this.#next();
    });
    worker.on('error', (error: NodeJS.ErrnoException) =>
      lost(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? this.#needsMemory() : error),
    );
    worker.on('exit', (code) => lost(new Error(`The parser's thread ended with code ${code}.`)));
    return worker;
  }

  /** Ends the thread, and with it the current job. The next job starts another one. */
  async #drop(error: unknown): Promise<void> {
    const [worker, current] = [this.#worker, this.#current];
    this.#worker = undefined;
    this.#current = undefined;
    clearTimeout(this.#timer);
    current?.fail(error);
    if (worker === undefined) {
      await this.#ending;
      return;
    }
    this.#ending = worker.terminate();
    await this.#ending;
    this.#ending = undefined;
    this.#next();
  }

  #needsMemory(): BeyondParserLimits {
    return new BeyondParserLimits(
      `needs more than ${this.#limits.heapMiB} MiB to parse: split it, or make it simpler`,
    );
  }
}
