import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  type ChildWorkflowHandle,
  condition,
  makeContinueAsNewFunc,
  getExternalWorkflowHandle,
  log,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { type LaneActivities } from '../activities/lane-activities';
import { emptyLane, type LaneTask } from '../domain/lane/lane-state';
import { takeNext } from '../domain/lane/lane';
import { type LaneInput } from '../domain/lane/lane-input';
import { describeRetry } from '../domain/lane/describe-retry';
import { type PromotionEnd } from '../domain/promotion/promotion';
import { taskQueue } from './contract/ids';
import { describeLane } from './descriptions';
import {
  type LaneStart,
  laneStateQuery,
  retryUpdate,
  supersedeSignal,
  yieldSignal,
} from './contract/messages';
import { openDropReporter } from './drop-reporter';
import { decide } from './lane-decision';
import { openLaneInbox } from './lane-inbox';
import { lookUp } from './look-up';
import { type promotion } from './promotion';
import { failedEnd } from './promotion-end';
import { idOf, startPromotion } from './start-promotion';

/** Where only workers that follow promotions are. */
const nextRun = (start: LaneStart): Promise<never> =>
  makeContinueAsNewFunc<typeof unfollowedLane>({ taskQueue })({ ...start, followed: true });

const idleLimit = '7 days';

const { findRunningPromotions } = proxyActivities<LaneActivities>(lookUp);
const { awaitPromotion } = proxyActivities<LaneActivities>({
  startToCloseTimeout: '30 days',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

/**
 * The lane as it was before promotions were followed: one promotion at a time, which ends with its open pull request. A run
 * that such code began continues here, until it continues as new: on `wake`, after a week, or when its history is long.
 */
export async function unfollowedLane(start: LaneStart): Promise<void> {
  const inbox = openLaneInbox(false);
  const reportDropped = openDropReporter(start);
  let yieldSent = false;
  let state = start.state ?? emptyLane(start.pipeline, start.environment);
  let running: RunningPromotion | undefined;
  setHandler(laneStateQuery, () => state);
  setHandler(retryUpdate, () => {
    inbox.inputs.push({ type: 'retry', at: Date.now() });
    return describeRetry(state);
  });

  const continueAsNewDue = (): boolean =>
    inbox.waking || workflowInfo().continueAsNewSuggested || inbox.isFull();

  const fold = (inputs: readonly LaneInput[]): void => {
    for (const input of inputs) {
      const { inHand } = state;
      const { supersede, dropped, state: next } = decide(state, input);
      state = next;
      if (dropped !== undefined) reportDropped(dropped);
      if (supersede !== undefined && inHand !== undefined) {
        running?.onceStarted(() => tell(inHand, supersedeSignal, supersede));
      }
    }
  };
  const startNext = (): boolean => {
    const next = takeNext(state);
    state = next.state;
    if (next.task === undefined) return false;
    running = runPromotion(next.task);
    void running.ended.then((end) => inbox.inputs.push({ type: 'ended', end, now: Date.now() }));
    return true;
  };

  if (start.state === undefined) {
    // In progress before newer events are processed, so that it is superseded by them.
    fold(await adoptRunning(start));
    startNext();
  }

  for (;;) {
    fold(inbox.inputs.splice(0));
    // Only here, between two promotions: the end of one that is left running would never be heard of.
    if (state.inHand === undefined) {
      if (continueAsNewDue()) return nextRun({ ...start, state });
      if (!startNext() && inbox.draining) return;
    } else if (continueAsNewDue() && !yieldSent) {
      yieldSent = true;
      const { inHand } = state;
      running?.onceStarted(() => tell(inHand, yieldSignal));
    }
    setCurrentDetails(describeLane(state));
    const busy = state.inHand !== undefined;
    const woken = await condition(
      () =>
        inbox.inputs.length > 0 ||
        ((inbox.draining || inbox.waking) && !busy) ||
        (busy && !yieldSent && continueAsNewDue()),
      idleLimit,
    );
    if (!woken && !busy) return nextRun({ ...start, state });
  }
}

/**
 * Promotions that an earlier lane left running (it was terminated or reset): the newest is taken over as if its event
 * had just come in, the others stop.
 */
async function adoptRunning(start: LaneStart): Promise<LaneInput[]> {
  const found = await findRunningPromotions({ pipeline: start.pipeline, environment: start.environment });
  const promotions = found
    .filter(({ task }) => task.action === 'promote')
    .sort((a, b) => a.task.event.at - b.task.event.at);
  const newest = promotions.at(-1);
  if (newest === undefined) return [];
  for (const { task } of promotions.slice(0, -1)) tell(task, supersedeSignal, newest.task.version);
  log.info('adopting a running promotion', { workflowId: newest.workflowId });
  return [{ type: 'event', event: newest.task.event }];
}

interface RunningPromotion {
  /** Acts at once where the promotion runs, else as soon as it does: a signal that comes before that is lost. */
  onceStarted(act: () => void): void;
  readonly ended: Promise<PromotionEnd>;
}

function runPromotion(task: LaneTask): RunningPromotion {
  const child = startPromotion(task);
  let isStarted = false;
  const started = child.then(
    () => (isStarted = true),
    // Another lane started it.
    () => (isStarted = true),
  );
  return {
    onceStarted(act) {
      if (isStarted) act();
      else void started.then(act);
    },
    ended: endOf(child, idOf(task)),
  };
}

async function endOf(
  child: Promise<ChildWorkflowHandle<typeof promotion>>,
  workflowId: string,
): Promise<PromotionEnd> {
  try {
    return await (await child).result();
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return awaitPromotion(workflowId);
    return failedEnd(error);
  }
}

/** The promotion may have ended meanwhile: then no one needs the signal. */
function tell<Args extends unknown[]>(
  task: LaneTask | Omit<LaneTask, 'start'>,
  signal: { name: string; type: 'signal' } & { readonly __args?: Args },
  ...args: Args
): void {
  getExternalWorkflowHandle(idOf(task))
    .signal(signal.name, ...args)
    .catch((error: unknown) => log.debug('the promotion has ended already', { error: String(error) }));
}
