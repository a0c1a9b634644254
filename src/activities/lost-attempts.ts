/**
 * Repeats an attempt whose worker was lost. It may be what ended the worker, so it runs again alone: in a process
 * of its own, while the worker and all other promotions continue. Only what ends that process counts against the
 * promotion: a worker that is killed, drained or replaced never does. See docs/decisions/quarantine.md.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { ApplicationFailure, Context, type Info } from '@temporalio/activity';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { WindlassError } from '../domain/errors';
import { formatPipelineRef } from '../domain/pipeline/pipeline';
import { type PromotionTask } from '../domain/promotion/promotion';
import { runAttempt, whileBeating } from './attempt';
import { type PromotionActivities } from './promotion-activities';

/** The activities whose work depends on what a repository contains. */
export type RepositoryActivity = 'openPullRequest' | 'withdrawPullRequest';
export type AnswerOf<A extends RepositoryActivity> = Awaited<ReturnType<PromotionActivities[A]>>;

/**
 * Runs an activity in a process of its own.
 * @throws WindlassError, as the activity does; AttemptLost when the process ended without an answer
 */
export type RunAlone = <A extends RepositoryActivity>(
  activity: A,
  task: PromotionTask,
  signal: AbortSignal,
) => Promise<AnswerOf<A>>;

/** The process of an attempt that ran alone ended without an answer. */
export class AttemptLost extends Error {
  override readonly name = 'AttemptLost';
  /** @param how it ended, in a few words: `was ended by SIGKILL` */
  constructor(readonly how: string) {
    super(`The process of the attempt ${how}.`);
  }
}

const quarantinedAfter = 2;
/** The server repeats an attempt after at most 10 s when it finds another one running alone. */
const busy = 'AnotherRunsAlone';
/** Shorter than an activity's time limit, which would look like a lost worker. */
const aloneDeadlineMs = 180_000;
/** If the process is ended from outside together with its worker, nothing must be counted. */
const countedAfterMs = 1_000;
/** For so long, a Pipeline whose attempt was lost is suspected of it: its next attempts, too, run alone at first. */
const suspectedForMs = 3_600_000;
const maxRemembered = 1_000;

const detailsSchema = z.object({ lostAlone: z.number().int().nonnegative() });

/** Runs an activity in this process, or alone where an earlier attempt of its Pipeline was lost. */
export type RunRepositoryAttempt = <A extends RepositoryActivity>(
  activity: A,
  task: PromotionTask,
  here: (signal: AbortSignal) => Promise<AnswerOf<A>>,
) => Promise<AnswerOf<A>>;

/** @param runAlone absent: lost attempts run again in this process */
export function createRepositoryAttempts(runAlone: RunAlone | undefined): RunRepositoryAttempt {
  const suspects = createSuspects();
  let runningAlone = false;
  return async <A extends RepositoryActivity>(
    activity: A,
    task: PromotionTask,
    here: (signal: AbortSignal) => Promise<AnswerOf<A>>,
  ): Promise<AnswerOf<A>> => {
    const { info, cancellationSignal } = Context.current();
    const pipeline = formatPipelineRef(task.pipeline);
    if (info.attempt > 1) suspects.suspect(pipeline);
    if (runAlone === undefined || !suspects.isSuspect(pipeline)) return runAttempt(here);
    // Two at once could take the memory of the worker that was lost.
    if (runningAlone) throw ApplicationFailure.retryable('Another attempt runs alone.', busy);
    runningAlone = true;
    try {
      const losses = suspects.lossesOf(info);
      const signal = AbortSignal.any([cancellationSignal, AbortSignal.timeout(aloneDeadlineMs)]);
      const answer = await whileBeating(
        () => ({ lostAlone: losses.count }),
        () => repeatAlone(() => runAlone(activity, task, signal), losses, signal),
      );
      suspects.clear(pipeline);
      return answer;
    } finally {
      runningAlone = false;
    }
  };
}

/** How often a promotion ended a process of its own. */
interface Losses {
  readonly count: number;
  add(): void;
}

async function repeatAlone<T>(run: () => Promise<T>, losses: Losses, signal: AbortSignal): Promise<T> {
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof AttemptLost)) throw error;
      await delay(countedAfterMs, undefined, { signal });
      losses.add();
      if (losses.count < quarantinedAfter) continue;
      throw new WindlassError(
        'quarantined',
        `After a worker, this promotion twice ended a process of its own, which ${error.how}.`,
      );
    }
  }
}

/**
 * What a worker remembers of attempts that were lost. Another worker learns of it when the server gives it such an
 * attempt: its number is above 1, and the losses are in the details of its heartbeats.
 */
function createSuspects() {
  const suspects = new LRUCache<string, true>({ max: maxRemembered, ttl: suspectedForMs });
  const losses = new LRUCache<string, number>({ max: maxRemembered, ttl: suspectedForMs });
  return {
    suspect: (pipeline: string) => void suspects.set(pipeline, true),
    isSuspect: (pipeline: string) => suspects.has(pipeline),
    clear: (pipeline: string) => void suspects.delete(pipeline),
    lossesOf({ workflowExecution, heartbeatDetails }: Info): Losses {
      const context = Context.current();
      const promotion = workflowExecution?.workflowId ?? '';
      const before = detailsSchema.safeParse(heartbeatDetails).data?.lostAlone ?? 0;
      if (before > (losses.get(promotion) ?? 0)) losses.set(promotion, before);
      return {
        get count() {
          return losses.get(promotion) ?? 0;
        },
        add() {
          losses.set(promotion, this.count + 1);
          context.heartbeat({ lostAlone: this.count });
        },
      };
    },
  };
}
