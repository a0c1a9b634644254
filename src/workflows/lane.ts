import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  CancellationScope,
  ChildWorkflowFailure,
  type ChildWorkflowHandle,
  ApplicationFailure,
  condition,
  continueAsNew,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { type LaneActivities } from '../activities/lane-activities';
import { failureCodes, type FailureCode } from '../domain/errors';
import { emptyLane, type LaneTask } from '../domain/lane/lane-state';
import { type LaneInput, takeNext } from '../domain/lane/lane';
import { describeRetry } from '../domain/lane/describe-retry';
import { keyword } from './contract/search-attributes';
import { promotionId } from './contract/ids';
import { summaryText } from './contract/summary';
import { formatPipelineRef } from '../domain/pipeline/pipeline';
import { type PromotionEnd } from '../domain/promotion/promotion';
import { describeLane, describeTask, summarize } from './descriptions';
import {
  environmentAttribute,
  pipelineAttribute,
  stateAttribute,
  versionAttribute,
} from './contract/search-attributes';
import {
  type LaneStart,
  laneStateQuery,
  retryUpdate,
  type PromotionMemo,
  supersedeSignal,
  yieldSignal,
} from './contract/messages';
import { openDropReporter } from './drop-reporter';
import { decide } from './lane-decision';
import { openLaneInbox } from './lane-inbox';
import { promotion } from './promotion';

/** Temporal refuses signal 10,001 of a run; what is still on its way needs room. */
const signalsPerRun = 5_000;
const idleLimit = '7 days';

/** One question to visibility. One that is not answered, as on a busy machine, is asked again after this timeout. */
const { findRunningPromotions } = proxyActivities<LaneActivities>({
  startToCloseTimeout: '15 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});
const { awaitPromotion } = proxyActivities<LaneActivities>({
  startToCloseTimeout: '30 days',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

/**
 * The promotions into one environment, in order and one at a time. Runs forever: nothing that happens to a promotion
 * ends it, and a cancellation is ignored; the signal `drain` ends it.
 */
export async function lane(start: LaneStart): Promise<void> {
  await CancellationScope.nonCancellable(() => run(start));
}

async function run(start: LaneStart): Promise<void> {
  const inbox = openLaneInbox();
  const reportDropped = openDropReporter(start);
  let yieldSent = false;
  let state = start.state ?? emptyLane(start.pipeline, start.environment);
  let running: RunningPromotion | undefined;
  setHandler(laneStateQuery, () => state);
  setHandler(retryUpdate, () => {
    inbox.inputs.push({ type: 'retry' });
    return describeRetry(state);
  });

  const continueAsNewDue = (): boolean =>
    workflowInfo().continueAsNewSuggested || inbox.signals >= signalsPerRun;

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
      if (continueAsNewDue()) return continueAsNew<typeof lane>({ ...start, state });
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
        inbox.inputs.length > 0 || (inbox.draining && !busy) || (busy && !yieldSent && continueAsNewDue()),
      idleLimit,
    );
    if (!woken && !busy) return continueAsNew<typeof lane>({ ...start, state });
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

function startPromotion(task: LaneTask): Promise<ChildWorkflowHandle<typeof promotion>> {
  const { start, ...input } = task;
  const memo: PromotionMemo = { task: input };
  return startChild(promotion, {
    workflowId: idOf(task),
    args: [input],
    // A deployment is promoted once; only a failed or paused promotion may use its id again.
    workflowIdReusePolicy: start === 'new' ? 'REJECT_DUPLICATE' : 'ALLOW_DUPLICATE',
    // An operator who terminates the lane does not mean the pull request that is just being opened.
    parentClosePolicy: 'ABANDON',
    memo: { ...memo },
    typedSearchAttributes: [
      { key: pipelineAttribute, value: keyword(formatPipelineRef(task.pipeline)) },
      { key: environmentAttribute, value: keyword(task.to) },
      { key: versionAttribute, value: keyword(task.version) },
      { key: stateAttribute, value: 'resolving' },
    ],
    staticSummary: summaryText(summarize(task)),
    staticDetails: describeTask(task),
  });
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

function failedEnd(error: unknown): PromotionEnd {
  if (isCancellation(error)) return { state: 'cancelled' };
  const cause = error instanceof ChildWorkflowFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure) {
    const code =
      (Object.keys(failureCodes) as FailureCode[]).find((known) => known === cause.type) ?? 'unknown';
    return { state: 'failed', code, message: cause.message };
  }
  if (cause?.constructor.name === 'TerminatedFailure') return { state: 'cancelled' };
  return {
    state: 'failed',
    code: 'unknown',
    message: cause instanceof Error ? cause.message : String(cause),
  };
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

function idOf(task: Omit<LaneTask, 'start'>): string {
  return promotionId(task.pipeline, task.to, task.version, task.event.identity);
}
