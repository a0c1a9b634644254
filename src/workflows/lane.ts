import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  patched,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  sleep,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import { type LaneActivities } from '../activities/lane-activities';
import { describeRequest } from '../domain/lane/describe-request';
import { describeRetry } from '../domain/lane/describe-retry';
import { type LaneInput, takeNext, transition } from '../domain/lane/lane';
import { laneSentence } from '../domain/lane/lane-sentence';
import { testsOf } from '../domain/lane/source-tests';
import { emptyLane, type LaneState, type Settling } from '../domain/lane/lane-state';
import { adoptOpenPullRequest } from '../domain/lane/adopt';
import { isFor, keyOf } from '../domain/promotion/promotion-news';
import {
  laneSentenceQuery,
  type LaneStart,
  laneStateQuery,
  requestUpdate,
  retryUpdate,
} from './contract/messages';
import { describeLane } from './descriptions';
import { openDropReporter } from './drop-reporter';
import { reportLaterRollback } from './later-rollback-report';
import { openLaneInbox } from './lane-inbox';
import { localFirst, withinTask } from './local-first';
import { lookUp } from './look-up';
import { openPromotions } from './lane-promotions';
import { unfollowedLane } from './unfollowed-lane';

const idleLimit = '7 days';
/** After a storm of first events, and not all at once. */
const strayLook = { earliestMs: 600_000, spreadMs: 3_000_000 };

const findRunningPromotions = localFirst(
  proxyLocalActivities<LaneActivities>(withinTask).findRunningPromotions,
  proxyActivities<LaneActivities>(lookUp).findRunningPromotions,
);

/**
 * The promotions into one environment, in order: one that acts, until its pull request is merged or closed, and one that
 * settles, until the environment runs it. Runs forever: nothing that happens to a promotion ends it, and a cancellation is
 * ignored; the signal `drain` ends it.
 */
export async function lane(start: LaneStart): Promise<void> {
  // What older code began must end as it began; its next run is a followed one.
  const follows = start.followed === true;
  await CancellationScope.nonCancellable(() => (follows ? run(start) : unfollowedLane(start)));
}

async function run(start: LaneStart): Promise<void> {
  const inbox = openLaneInbox(true);
  const promotions = openPromotions((of, news) => inbox.inputs.push({ type: 'news', of, news }));
  const reportDropped = openDropReporter(start);
  let state = start.state ?? emptyLane(start.pipeline, start.environment);
  setHandler(laneStateQuery, () => state);
  setHandler(laneSentenceQuery, () => laneSentence(state));
  setHandler(retryUpdate, () => {
    inbox.inputs.push({ type: 'retry' });
    return describeRetry(state);
  });
  setHandler(requestUpdate, ({ version, by }) => {
    inbox.inputs.push({ type: 'promote', version, ...(by === undefined ? {} : { by }) });
    return describeRequest(state, version);
  });

  const fold = (inputs: readonly LaneInput[]): void => {
    for (const input of inputs) {
      const { inHand } = state;
      const step = transition(state, input);
      state = step.state;
      if (step.dropped !== undefined) reportDropped(step.dropped);
      for (const left of step.leftQueue ?? []) reportDropped(left);
      if (step.supersede !== undefined && inHand !== undefined) promotions.supersede(inHand, step.supersede);
      for (const { task, news } of step.tell ?? []) promotions.tell(task, news);
      if (step.laterRollback !== undefined) reportLaterRollback(step.laterRollback);
    }
  };
  const startNext = (): boolean => {
    const next = takeNext(state);
    state = next.state;
    if (next.task === undefined) return false;
    const tests = testsOf(state, next.task.version);
    promotions.start({
      ...next.task,
      followed: true,
      ...(tests === undefined ? {} : { tests }),
      ...(state.remembers === true ? {} : { recall: true }),
    });
    return true;
  };
  /** Promotions that only wait do not need the lane. */
  const isResting = (): boolean =>
    (state.inHand === undefined || state.proposal !== undefined) &&
    state.waiting === undefined &&
    // It would be lost.
    state.queue === undefined;
  const isDue = (): boolean => workflowInfo().continueAsNewSuggested || inbox.isFull();

  // A newer api may have started it while an older worker ran it.
  const isFirst = start.first === true && patched('first-lane');
  if (start.state === undefined) {
    if (!isFirst) state = await adoptRunning(start, state, promotions);
  } else {
    for (const task of [state.inHand, state.settling?.task, ...(state.passedBy ?? [])]) {
      if (task !== undefined) promotions.rejoin(task);
    }
    state = adoptOpenPullRequest(state);
  }

  let next = start;
  if (isFirst) {
    void endStrays(start, () => state, promotions).then(() => {
      const { first, ...rest } = start;
      next = rest;
    });
  }

  for (;;) {
    fold(inbox.inputs.splice(0));
    const hasStarted = state.inHand === undefined && startNext();
    if (inbox.draining && isResting() && !hasStarted) return;
    // Promotions that are open stay so, and tell the next run how they end.
    if (isDue() && promotions.allStarted() && allHandlersFinished() && inbox.inputs.length === 0) {
      return continueAsNew<typeof lane>({ ...next, state });
    }
    setCurrentDetails(describeLane(state));
    const woken = await condition(
      () =>
        inbox.inputs.length > 0 || (inbox.draining && isResting()) || (isDue() && promotions.allStarted()),
      idleLimit,
    );
    if (!woken) return continueAsNew<typeof lane>({ ...next, state });
  }
}

/**
 * A promotion can wait for people for longer than Temporal remembers the lane that started it, if that was terminated. When
 * nothing is urgent any more, such a promotion ends in favor of what this lane knows.
 */
async function endStrays(
  { pipeline, environment }: LaneStart,
  state: () => LaneState,
  promotions: ReturnType<typeof openPromotions>,
): Promise<void> {
  const share = Number.parseInt(uuid4().slice(0, 8), 16) / 0x1_0000_0000;
  await sleep(strayLook.earliestMs + share * strayLook.spreadMs);
  const found = await findRunningPromotions({ pipeline, environment });
  const { inHand, settling, passedBy = [], newest } = state();
  const known = [inHand, settling?.task, ...passedBy].filter((task) => task !== undefined);
  for (const { task } of found) {
    if (known.some((each) => isFor(keyOf(each), task))) continue;
    promotions.supersede({ ...task, start: 'again' }, newest?.version ?? '');
  }
}

/**
 * Promotions that an earlier lane left running (it was terminated or reset): the newest one that acts and the newest one
 * that settles are taken over, the others stop.
 */
async function adoptRunning(
  { pipeline, environment }: LaneStart,
  empty: LaneState,
  promotions: ReturnType<typeof openPromotions>,
): Promise<LaneState> {
  const found = await findRunningPromotions({ pipeline, environment });
  const newestLast = [...found]
    .sort((a, b) => a.task.event.at - b.task.event.at)
    .map(({ task, state }) => ({
      task: { ...task, start: 'again' as const },
      stage: isSettlingStage(state) ? state : undefined,
    }));
  const acting = newestLast.filter(({ stage }) => stage === undefined).at(-1)?.task;
  const settling = newestLast.filter(({ stage }) => stage !== undefined).at(-1);
  for (const { task, stage } of newestLast) {
    if (task === acting || task === settling?.task) promotions.rejoin(task);
    else if (stage === undefined) promotions.supersede(task, acting?.version ?? '');
    else promotions.tell(task, { type: 'passed-by', version: settling?.task.version ?? '' });
  }
  const adopted =
    acting?.action === 'promote' ? transition(empty, { type: 'event', event: acting.event }) : undefined;
  const { waiting, queue, ...known } = adopted?.state ?? empty;
  return {
    ...known,
    ...(acting === undefined ? {} : { inHand: acting }),
    ...(settling?.stage === undefined
      ? {}
      : { settling: { task: settling.task, stage: settling.stage, at: Date.now() } }),
  };
}

function isSettlingStage(state: string | undefined): state is Settling['stage'] {
  return state === 'merged' || state === 'notified';
}
