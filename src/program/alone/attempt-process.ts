/**
 * One attempt at a promotion in a process of its own, started by `run-alone.ts`. It has no connection to Temporal, and
 * reads Pipelines, Freezes and Secrets through the worker.
 */
import '../no-debug-output';
import { type AnswerOf, type RepositoryActivity } from '../../activities/lost-attempts';
import { openPullRequest } from '../../activities/pull-request/open-pull-request';
import { withdrawPullRequest } from '../../activities/pull-request/withdraw-pull-request';
import { type Pipeline } from '../../domain/pipeline/pipeline';
import { type SecretData } from '../../domain/credentials';
import { type Freeze } from '../../domain/freezes/freeze';
import { type PipelineStore } from '../../store/pipeline-store';
import { openParser } from '../composition/open-parser';
import { createPullRequestDependencies } from '../composition/pull-request-dependencies';
import { pino } from 'pino';
import { enterSpan } from '../../tracing/spans';
import { openTracing } from '../composition/open-tracing';
import { OpenParts } from '../lifetime/open-parts';
import { answerOf, valueOf } from './failure-transfer';
import {
  type Answer,
  type AttemptRequest,
  type FromAttempt,
  type StoreAnswer,
  type ToAttempt,
  type WorkerQuestion,
} from './messages';

/** For git's processes to be ended. */
const abortGraceMs = 5_000;

/** Standard output is no one's. */
const silent = pino({ enabled: false });
const aborting = new AbortController();
const answers = new Map<number, (answer: Answer<StoreAnswer>) => void>();

function tell(message: FromAttempt): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(message, () => resolve());
    else resolve();
  });
}

async function ask(question: WorkerQuestion): Promise<StoreAnswer> {
  const id = answers.size;
  const { promise, resolve } = Promise.withResolvers<Answer<StoreAnswer>>();
  answers.set(id, resolve);
  await tell({ kind: 'store-question', id, question });
  return valueOf(await promise);
}

const store: PipelineStore = {
  pipeline: ({ namespace, name }) =>
    ask({ kind: 'pipeline', namespace, name }) as Promise<Pipeline | undefined>,
  freezes: (namespace) => ask({ kind: 'freezes', namespace }) as Promise<readonly Freeze[]>,
  secret: (namespace, name) => ask({ kind: 'secret', namespace, name }) as Promise<SecretData | undefined>,
  ready: () => true,
  close: () => Promise.resolve(),
};

const authority = {
  require: async (): Promise<void> => {
    await ask({ kind: 'authority' });
  },
};

async function attempt(request: AttemptRequest): Promise<void> {
  const { activity, task, settings, familyPrefix, verified, traceparent } = request;
  const parts = new OpenParts();
  await openTracing(parts, 'windlass-worker', traceparent === undefined ? {} : process.env, silent);
  const act = { openPullRequest, withdrawPullRequest }[activity];
  const answer = await answerOf<AnswerOf<RepositoryActivity>>(() => {
    const dependencies = createPullRequestDependencies({ ...settings, familyPrefix }, store, openParser());
    return enterSpan<AnswerOf<RepositoryActivity>>(`alone ${activity}`, { parent: traceparent }, () =>
      act({ ...dependencies, ...(verified ? { authority } : {}) }, task, aborting.signal),
    );
  });
  await tell({ kind: 'ended', answer });
  await parts.close();
  // The parser's thread would keep the process for a while.
  process.exit();
}

function abort(): void {
  aborting.abort(new Error('the worker ended the attempt'));
  setTimeout(() => process.exit(), abortGraceMs).unref();
}

// A terminal or a service manager signals all processes of the worker. The worker says when this one is to end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('message', (message: ToAttempt) => {
  if (message.kind === 'attempt') void attempt(message);
  else if (message.kind === 'abort') abort();
  else answers.get(message.id)?.(message.answer);
});
// The worker has ended, so there is no one to answer.
process.on('disconnect', abort);
