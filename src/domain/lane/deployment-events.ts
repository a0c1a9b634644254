/** What reports of the environment before decide: promoted, superseded, queued, withdrawn or dropped. */
import { type DeploymentEvent } from '../event';
import { type PromotionTask } from '../promotion/promotion';
import { type DropReason, type DroppedEvent, withDropped } from './dropped-event';
import { isHeld, isKeptBelow } from './held-versions';
import { type LaneRules } from './lane-rules';
import { type LaneState, type LaneTask, type Report } from './lane-state';
import { type LaneStep } from './lane-step';
import { forgetOnward, isNotOnward } from './not-onward';
import { orderKeyOf } from './order';
import { isAbove, isQueued, joinQueue, leaveQueue, leftOf } from './queue';
import { forgetReplaced } from './replaced-targets';
import { isLateReport, isOutdated, rememberReport } from './reports';
import { rollsBack } from './roll-back';
import { enqueue, waitBehind } from './turns';

/** Helm re-sends within minutes and Flux de-duplicates for five: 256 covers days of one lane. */
const recentLimit = 256;

/** An event of the environment that the lane promotes from. */
export function onEvent(state: LaneState, event: DeploymentEvent, rules: LaneRules): LaneStep {
  if (state.recent.includes(event.identity)) return drop(state, event, 'duplicate');
  const seen = { ...state, recent: [...state.recent, event.identity].slice(-recentLimit) };
  const last = state.reports.find((report) => report.reporter === event.reporter);
  if (last !== undefined && isOutdated(event, last, rules)) return drop(seen, event, 'outdated');
  const current = rules.installReplaces && last === undefined ? forgetReplaced(seen, event) : seen;
  const heard = rememberReport(current, event, last);
  if (event.kind === 'rolled-back') return onRollback(heard, event, last, rules);
  if (isNotOnward(heard, event.version)) return onRolledBackSource(heard, event, last, rules);
  const onward = forgetOnward(heard, event.version);
  if (isHeld(onward, event.version) || isKeptBelow(onward, event.version)) {
    return drop(onward, event, 'held');
  }
  return onDeployed(onward, event, { last, before: seen.newest }, rules);
}

/** Someone rolled the source back: as if Helm had, so that what it no longer runs is withdrawn. */
function onRolledBackSource(
  state: LaneState,
  event: DeploymentEvent,
  last: Report | undefined,
  rules: LaneRules,
): LaneStep {
  const step = onRollback(state, event, last, rules);
  return step.dropped === undefined ? step : drop(state, event, 'not-onward');
}

function drop(state: LaneState, event: DeploymentEvent, reason: DropReason): LaneStep {
  const dropped: DroppedEvent = { version: event.version, reason, at: event.at };
  return {
    state: { ...state, dropped: withDropped(state.dropped, dropped) },
    dropped,
  };
}

interface Earlier {
  /** The reporter's last one. */
  readonly last: Report | undefined;
  /** The lane's newest version, before a target was replaced. */
  readonly before: Report | undefined;
}

function onDeployed(
  state: LaneState,
  event: DeploymentEvent,
  { last, before }: Earlier,
  rules: LaneRules,
): LaneStep {
  const { newest } = state;
  const queues = rules.queues && event.supersede === 'queue';
  const waits = queues || rollsBack(state);
  const joinsQueue = isQueued(state, event.version);
  if (newest !== undefined) {
    if (event.version === newest.version) {
      const isJoined = event.reporter !== newest.reporter && state.lastFailed?.version !== event.version;
      const isPending = isUnderWay(state, event.version) || joinsQueue || isJoined;
      // Where versions wait behind each other no longer, it goes before those that do.
      if (isPending && (waits || !joinsQueue)) return drop(state, event, 'same-version');
    } else if (isLateReport(event, newest, last, rules)) {
      const isPending = waits && (isUnderWay(state, event.version) || joinsQueue);
      return drop(state, event, isPending ? 'same-version' : 'older-version');
    }
  }
  const promoted: LaneState = {
    ...state,
    newest: { ...orderKeyOf(event), version: event.version },
  };
  const task = taskFor(state, event, 'promote', event.version);
  if (!queues) {
    return rollsBack(state) ? waitBehind(promoted, task) : enqueue(promoted, task, event.version);
  }
  const isBack = before !== undefined && (rules.compareVersions(event.version, before.version) ?? 0) < 0;
  return isBack ? onReturn(promoted, task) : joinQueue(promoted, task);
}

/** The environment before went back to the task's version: what is above it must not be promoted any more. */
function onReturn(state: LaneState, task: LaneTask): LaneStep {
  const { event, version } = task;
  const isGone = (other: LaneTask): boolean => isAbove(other.version, version);
  if (!rollsBack(state) && actingOn(state, isGone) !== undefined) {
    return enqueue(state, task, version, 'rolled-back');
  }
  const left = leaveQueue(state, 'rolled-back', isGone);
  const isPending = isUnderWay(state, version) || isQueued(state, version);
  const joined = isPending ? drop(left.state, event, 'same-version') : joinQueue(left.state, task);
  return { ...joined, ...leftOf(left, joined) };
}

/** Helm went back to an older release: withdraws the abandoned version, unless another target runs it. */
function onRollback(
  state: LaneState,
  event: DeploymentEvent,
  last: Report | undefined,
  rules: LaneRules,
): LaneStep {
  const abandoned = last?.version;
  if (abandoned === undefined || abandoned === event.version || state.newest?.version !== abandoned) {
    return drop(state, event, 'nothing-to-withdraw');
  }
  const runsElsewhere = state.reports.some(
    ({ reporter, version }) => reporter !== event.reporter && version === abandoned,
  );
  if (runsElsewhere) return drop(state, event, 'nothing-to-withdraw');
  const withdrawn: LaneState = { ...state, newest: { ...orderKeyOf(event), version: event.version } };
  const by = `rollback to ${event.version}`;
  const rolls = rollsBack(state);
  if ((!rules.queues || event.supersede !== 'queue') && !rolls) {
    return enqueue(withdrawn, taskFor(state, event, 'withdraw', abandoned), by);
  }
  const isGone = ({ version }: LaneTask): boolean => version === abandoned || isAbove(version, event.version);
  // What a person asked for is not withdrawn.
  const acting = rolls ? undefined : actingOn(state, isGone);
  if (acting !== undefined || (state.inHand ?? state.waiting) === undefined) {
    const version = acting?.version ?? abandoned;
    return enqueue(withdrawn, taskFor(state, event, 'withdraw', version), by, 'rolled-back');
  }
  // It was never proposed: what acts is older, and continues.
  const left = leaveQueue(withdrawn, 'rolled-back', isGone);
  return left.leftQueue === undefined ? drop(withdrawn, event, 'nothing-to-withdraw') : left;
}

/** The first promotion of such a version that acts or is about to. */
function actingOn(
  { inHand, waiting }: LaneState,
  applies: (task: LaneTask) => boolean,
): LaneTask | undefined {
  return [inHand, waiting].find((task) => task?.action === 'promote' && applies(task));
}

function isUnderWay(state: LaneState, version: string): boolean {
  return actingOn(state, (task) => task.version === version) !== undefined;
}

function taskFor(
  state: LaneState,
  event: DeploymentEvent,
  action: PromotionTask['action'],
  version: string,
): LaneTask {
  return {
    action,
    pipeline: state.pipeline,
    from: event.environment,
    to: state.environment,
    version,
    event,
    start: 'new',
  };
}
