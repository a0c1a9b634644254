import { AsyncResource } from 'node:async_hooks';
import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Authority } from '../../activities/authority';
import { AttemptLost, type RunAlone } from '../../activities/lost-attempts';
import { abortReason } from '../../git/process/git-command';
import { endFamilies } from '../../git/process/process-family';
import { processMemory } from '../../git/process/process-memory';
import { type PipelineStore } from '../../store/pipeline-store';
import { currentTraceparent } from '../../tracing/spans';
import { type RepositorySettings } from '../composition/pull-request-dependencies';
import { answerOf, valueOf } from './failure-transfer';
import {
  type AttemptRequest,
  type FromAttempt,
  type StoreAnswer,
  type ToAttempt,
  type WorkerQuestion,
} from './messages';

const mebibyte = 1024 * 1024;

/**
 * Of the process itself: its code and libraries take about 100 MiB, and the parser's thread at most 128 MiB. Its git
 * processes have limits of their own.
 */
const maxResidentBytes = 288 * mebibyte;
const maxHeapMebibytes = 96;
const measureEveryMs = 200;
const abortGraceMs = 10_000;
/** Of its last words, for the log. */
const keptErrorBytes = 4_096;
/** How a process ends that had too much to do: by the kernel, or by itself. A person sends others. */
const endsByItself = ['SIGKILL', 'SIGABRT', 'SIGSEGV', 'SIGBUS', 'SIGILL', 'SIGTRAP'];
/** The exit code that a shell shows for SIGABRT, with which V8 ends a process whose heap is full. */
const heapFull = 134;
/** Node sets no limits for a child process: a shell does, and becomes Node. A core dump would hold Secrets. */
const withoutCoreDump = ['-c', 'ulimit -c 0; exec "$0" "$@"', process.execPath];

/** Created by the build beside this file. */
const attemptProcess = join(__dirname, 'attempt-process.js');

/**
 * Runs attempts in processes of their own, with the settings and the store of this one.
 * @param authority absent: nothing is verified
 */
export function createRunAlone(
  settings: RepositorySettings,
  store: PipelineStore,
  authority?: Pick<Authority, 'require'>,
): RunAlone {
  return async (activity, task, signal) => {
    if (signal.aborted) throw abortReason(signal);
    const familyPrefix = `${randomUUID()}/`;
    const verified = authority !== undefined;
    const traceparent = currentTraceparent();
    const place = { settings, familyPrefix, verified, traceparent };
    const request: AttemptRequest = { kind: 'attempt', activity, task, ...place };
    // In the context of this activity, which a message of another process does not have.
    const requireAuthority = AsyncResource.bind(async () => authority?.require(task));
    // The process answers for the activity that it was asked for.
    return (await runProcess(request, { store, requireAuthority }, signal)) as never;
  };
}

/** What answers the questions of a process. */
interface Answering {
  readonly store: PipelineStore;
  readonly requireAuthority: () => Promise<void>;
}

/** The state of a process so far. */
interface Conversation {
  ended?: Extract<FromAttempt, { kind: 'ended' }>['answer'];
  beyond?: true;
  /** The end of what it wrote to standard error. */
  lastWords: string;
}

async function runProcess(
  request: AttemptRequest,
  answering: Answering,
  signal: AbortSignal,
): Promise<unknown> {
  const child = fork(attemptProcess, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execPath: 'sh',
    execArgv: [...withoutCoreDump, `--max-old-space-size=${maxHeapMebibytes}`, '--max-semi-space-size=4'],
  });
  const conversation: Conversation = { lastWords: '' };
  child.stderr?.on('data', (chunk: Buffer) => {
    conversation.lastWords = (conversation.lastWords + chunk.toString('utf8')).slice(-keptErrorBytes);
  });
  child.on('message', (message: FromAttempt) => {
    if (message.kind === 'ended') conversation.ended = message.answer;
    else void answerQuestion(child, answering, message.id, message.question);
  });
  const abort = () => {
    tell(child, { kind: 'abort' });
    setTimeout(() => child.kill('SIGKILL'), abortGraceMs).unref();
  };
  signal.addEventListener('abort', abort, { once: true });
  const stopMeasuring = measure(child, () => {
    conversation.beyond = true;
    child.kill('SIGKILL');
  });
  try {
    tell(child, request);
    const how = await endOf(child);
    const { ended, lastWords } = conversation;
    if (ended !== undefined && ('value' in ended || !signal.aborted)) return valueOf(ended);
    if (signal.aborted) throw abortReason(signal);
    if (conversation.beyond === true) {
      throw new AttemptLost(
        `was ended because it took more than ${maxResidentBytes / mebibyte} MiB of memory`,
      );
    }
    if (how.lost) throw new AttemptLost(how.words);
    throw new Error(`The process of an attempt ${how.words}. ${lastWords}`);
  } finally {
    // Of a process that was killed, its git processes are left.
    await endFamilies(request.familyPrefix);
    stopMeasuring();
    signal.removeEventListener('abort', abort);
  }
}

function tell(child: ChildProcess, message: ToAttempt): void {
  // Of a process that is gone, its end tells.
  if (child.connected) child.send(message, () => undefined);
}

async function answerQuestion(
  child: ChildProcess,
  { store, requireAuthority }: Answering,
  id: number,
  question: WorkerQuestion,
): Promise<void> {
  const answer = await answerOf<StoreAnswer>(async () => {
    if (question.kind === 'authority') {
      await requireAuthority();
      return undefined;
    }
    const { kind, namespace } = question;
    if (kind === 'freezes') return store.freezes(namespace);
    const { name } = question;
    return kind === 'pipeline' ? store.pipeline({ namespace, name }) : store.secret(namespace, name);
  });
  tell(child, { kind: 'store-answer', id, answer });
}

/** Waits until the process has ended and all its messages have arrived. */
async function endOf(child: ChildProcess): Promise<{ readonly lost: boolean; readonly words: string }> {
  const disconnected = new Promise((resolve) => child.once('disconnect', resolve));
  return new Promise((resolve) => {
    child.once('error', ({ message }) => resolve({ lost: false, words: `could not be started: ${message}` }));
    child.once('exit', (code, killedBy) => {
      const end =
        killedBy === null
          ? { lost: code === heapFull, words: `ended with exit code ${code ?? 'unknown'}` }
          : { lost: endsByItself.includes(killedBy), words: `was ended by ${killedBy}` };
      void (child.connected ? disconnected : Promise.resolve()).then(() => resolve(end));
    });
  });
}

/**
 * Calls `beyond` when the process has outgrown its limit. Where memory runs out all the same, the kernel ends git first,
 * then this process, then the worker.
 */
function measure({ pid }: ChildProcess, beyond: () => void): () => void {
  // It could not be started, as its end tells.
  if (pid === undefined) return () => undefined;
  writeFile(`/proc/${pid}/oom_score_adj`, '800').catch(() => undefined);
  const timer = setInterval(() => {
    void processMemory(pid, 'VmRSS').then((resident) => {
      if (resident > maxResidentBytes) beyond();
    });
  }, measureEveryMs);
  return () => clearInterval(timer);
}
