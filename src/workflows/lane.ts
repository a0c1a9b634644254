import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  patched,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { adoptOpenPullRequest } from '../domain/lane/adopt';
import { describeRequest } from '../domain/lane/describe-request';
import { describeRetry } from '../domain/lane/describe-retry';
import { takeNext, transition } from '../domain/lane/lane';
import { keptRecords } from '../domain/lane/lane-records';
import { type LaneInput } from '../domain/lane/lane-input';
import { laneSentence } from '../domain/lane/lane-sentence';
import { emptyLane } from '../domain/lane/lane-state';
import { testsOf } from '../domain/lane/source-tests';
import {
  type Approval,
  keptRecordsQuery,
  laneSentenceQuery,
  type LaneStart,
  laneStateQuery,
  recordsQuery,
  requestUpdate,
  retryUpdate,
} from './contract/messages';
import { describeLane } from './descriptions';
import { openDropReporter } from './drop-reporter';
import { openLaneActs } from './lane-acts';
import { adoptRunning, endStrays } from './lane-adoption';
import { openLaneInbox } from './lane-inbox';
import { tellNextLane } from './lane-link';
import { openLaneMemo } from './lane-memo';
import { openPromotions } from './lane-promotions';
import { takeVouched } from './lane-requests';
import { openPendingSends } from './pending-sends';
import { logRecords } from './log-records';
import { reportLaterRollback } from './later-rollback-report';
import { traceReport } from './tracing';
import { unfollowedLane } from './unfollowed-lane';

const idleLimit = '7 days';
/** How long the memo of a lane does not show a promotion that starts and tells nothing. */
const startLimit = '1 minute';

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
  const sends = openPendingSends();
  const promotions = openPromotions((of, news) => inbox.inputs.push({ type: 'news', of, news }), sends);
  const reportDropped = openDropReporter(start);
  let state = start.state ?? emptyLane(start.pipeline, start.environment);
  setHandler(laneStateQuery, () => state);
  setHandler(laneSentenceQuery, () => laneSentence(state));
  setHandler(recordsQuery, () => state.records ?? []);
  setHandler(keptRecordsQuery, () => keptRecords(state));
  setHandler(retryUpdate, () => {
    inbox.inputs.push({ type: 'retry', at: Date.now() });
    return describeRetry(state);
  });
  setHandler<string, [Approval], typeof requestUpdate>(requestUpdate, ({ version, by }) =>
    takeVouched(state, 'promote', undefined, () => {
      inbox.inputs.push({ type: 'promote', version, at: Date.now(), ...(by === undefined ? {} : { by }) });
      return describeRequest(state, version);
    }),
  );
  const acts = openLaneActs(() => state, inbox.inputs);
  const memo = openLaneMemo(start.state === undefined);

  const fold = (inputs: readonly LaneInput[]): void => {
    for (const input of inputs) {
      const { inHand, records } = state;
      const step = transition(state, input);
      state = step.state;
      logRecords(state, records);
      if (input.type === 'event') traceReport(state, input, step);
      if (step.dropped !== undefined) reportDropped(step.dropped);
      for (const left of step.leftQueue ?? []) reportDropped(left);
      if (step.supersede !== undefined && inHand !== undefined) promotions.supersede(inHand, step.supersede);
      const trace = input.type === 'fact' ? input.traceparent : undefined;
      for (const { task, news } of step.tell ?? []) promotions.tell(task, news, trace);
      if (step.laterRollback !== undefined) reportLaterRollback(step.laterRollback);
      if (step.cancel !== undefined) promotions.cancel(step.cancel);
      if (step.notOnward !== undefined) sends.add(tellNextLane(start.pipeline, step.notOnward));
      acts.answer(input, step);
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
      // Someone who asks for a version knows how its pull request ended.
      ...(state.remembers === true || next.task.request !== undefined ? {} : { recall: true }),
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

  let woken = true;
  for (;;) {
    fold(inbox.inputs.splice(0));
    const hasStarted = state.inHand === undefined && startNext();
    if (inbox.draining && isResting() && !hasStarted) {
      // Those who acted get their answers.
      await condition(() => allHandlersFinished() && promotions.isSettled());
      if (inbox.inputs.length === 0) return;
      continue;
    }
    // Promotions that are open stay so, and tell the next run how they end.
    if (isDue() && promotions.isSettled() && allHandlersFinished() && inbox.inputs.length === 0) {
      return continueAsNew<typeof lane>({ ...next, state });
    }
    setCurrentDetails(describeLane(state));
    const isShown = memo.show(state, !woken);
    woken = await condition(
      () =>
        inbox.inputs.length > 0 ||
        (inbox.draining && isResting()) ||
        (isDue() && promotions.isSettled() && allHandlersFinished()),
      isShown ? idleLimit : startLimit,
    );
    if (!woken && isShown) return continueAsNew<typeof lane>({ ...next, state });
  }
}
