/**
 * Repeats an attempt whose worker was lost. It may be what ended the worker, so it runs again alone: in a process
 * of its own, while the worker and all other promotions continue. Only what ends that process counts against the
 * promotion: a worker that is killed, drained or replaced never does. See docs/decisions/quarantine.md.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import PQueue from 'p-queue';
import { z } from 'zod';
import { WindlassError } from '../domain/errors';
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
/** Two processes take less memory than the worker that was lost. */
const maxAlone = 2;
/** Leaves time to wait for a turn within the activity's own time limit, after which the server repeats it. */
const aloneDeadlineMs = 120_000;
/** Who ends the process from outside ends the worker with it, and then nothing is counted. */
const countedAfterMs = 1_000;

const detailsSchema = z.object({ lostAlone: z.number().int().nonnegative() });

/** Runs an activity in this process, or alone where an earlier attempt at it was lost. */
export type RunRepositoryAttempt = <A extends RepositoryActivity>(
  activity: A,
  task: PromotionTask,
  here: (signal: AbortSignal) => Promise<AnswerOf<A>>,
) => Promise<AnswerOf<A>>;

/** @param runAlone absent: lost attempts run again in this process */
export function createRepositoryAttempts(runAlone: RunAlone | undefined): RunRepositoryAttempt {
  const turns = new PQueue({ concurrency: maxAlone });
  return (activity, task, here) => {
    const { info, cancellationSignal } = Context.current();
    if (runAlone === undefined || info.attempt === 1) return runAttempt(here);
    const before = detailsSchema.safeParse(info.heartbeatDetails).data;
    const details = { lostAlone: before?.lostAlone ?? 0 };
    const untilAnswered = async () => {
      const signal = AbortSignal.any([cancellationSignal, AbortSignal.timeout(aloneDeadlineMs)]);
      return repeatAlone(() => runAlone(activity, task, signal), details, signal);
    };
    return whileBeating(
      () => details,
      () => turns.add(untilAnswered, { signal: cancellationSignal }),
    );
  };
}

async function repeatAlone<T>(
  run: () => Promise<T>,
  details: { lostAlone: number },
  signal: AbortSignal,
): Promise<T> {
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof AttemptLost)) throw error;
      await delay(countedAfterMs, undefined, { signal });
      details.lostAlone += 1;
      Context.current().heartbeat(details);
      if (details.lostAlone < quarantinedAfter) continue;
      throw new WindlassError(
        'quarantined',
        `After a worker, this promotion twice ended a process of its own, which ${error.how}.`,
      );
    }
  }
}
