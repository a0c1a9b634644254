/**
 * The rules of a lane: the promotions into one environment of one pipeline, one at a time, in order.
 *
 * `transition` is pure: it takes the state and an input, and returns the new state and the message for the running
 * promotion. The workflow around it only starts promotions and waits. The state is plain data that survives upgrades of
 * Windlass: `schema` is its version.
 */
import { type LaneState, type LaneTask, type Report } from './lane-state';
import { type EnvironmentFact } from '../environment-fact';
import { type DeploymentEvent } from '../event';
import { isFor, type PromotionKey, type PromotionNews } from '../promotion/promotion-news';
import { onEnded } from './ended-promotion';
import { onFact } from './environment-facts';
import { onNews } from './followed-promotions';
import { isHeld } from './held-versions';
import { type LaneStep } from './lane-step';
import { type DropReason, type DroppedEvent, withDropped } from './dropped-event';
import { type LaneRules, currentRules } from './lane-rules';
import { forgetReplaced } from './replaced-targets';
import { orderKeyOf } from './order';
import { dropHeld, forgetQueued, isAbove, isQueued, joinQueue, leaveQueue, leftOf } from './queue';
import { isLateReport, isOutdated, rememberReport } from './reports';
import { onRequest, onRetry } from './requests';
import { onSourceTests } from './source-tests';
import { enqueue } from './turns';
import { type PromotionEnd, type PromotionTask } from '../promotion/promotion';

export type LaneInput =
  | { readonly type: 'event'; readonly event: DeploymentEvent }
  | { readonly type: 'ended'; readonly end: PromotionEnd; readonly now: number }
  /** The operator asks to run the last failed promotion again. */
  | { readonly type: 'retry' }
  /** A followed promotion tells how it stands. */
  | { readonly type: 'news'; readonly of: PromotionKey; readonly news: PromotionNews }
  | { readonly type: 'fact'; readonly fact: EnvironmentFact }
  /** Someone asks for a version that is held. */
  | { readonly type: 'promote'; readonly version: string; readonly by?: string };

/** Helm re-sends within minutes and Flux de-duplicates for five: 256 covers days of one lane. */
const recentLimit = 256;

export function transition(state: LaneState, input: LaneInput, rules = currentRules): LaneStep {
  return dropHeld(apply(state, input, rules));
}

function apply(state: LaneState, input: LaneInput, rules: LaneRules): LaneStep {
  switch (input.type) {
    case 'event':
      return onEvent(state, input.event, rules);
    case 'ended':
      return { state: onEnded(state, input.end, input.now) };
    case 'retry':
      return { state: onRetry(state) };
    case 'news': {
      const { of, news } = input;
      const hasActed = news.stage === 'merged' || news.stage === 'notified';
      return onNews(hasActed ? forgetQueued(state, (task) => isFor(of, task)) : state, of, news);
    }
    case 'fact': {
      const { kind, environment } = input.fact;
      if (kind === 'tests-failed' || kind === 'tests-passed') {
        const isOfSource = environment !== undefined && environment !== state.environment;
        return isOfSource ? onSourceTests(state, input.fact) : { state };
      }
      const { news, ...step } = onFact(state, input.fact);
      return { ...step, ...(news === undefined ? {} : { tell: [news] }) };
    }
    case 'promote':
      return onRequest(state, input.version, input.by);
  }
}

/** Whether two steps from the same state lead to the same promotions, now and later. */
export function decidesAlike(a: LaneStep, b: LaneStep): boolean {
  const decision = ({ state, supersede }: LaneStep): string =>
    JSON.stringify([state.waiting, state.newest, state.reports, state.queue, supersede]);
  return decision(a) === decision(b);
}

/** Marks the waiting task as in progress; the caller starts it. Only between promotions. */
export function takeNext(state: LaneState): { readonly state: LaneState; readonly task?: LaneTask } {
  if (state.inHand !== undefined) return { state };
  const { waiting, ...rest } = state;
  // Decided against while it waited.
  if (waiting === undefined || (waiting.action === 'promote' && isHeld(state, waiting.version))) {
    return takeQueued(rest);
  }
  return { state: { ...rest, inHand: waiting }, task: waiting };
}

function takeQueued(state: LaneState): { readonly state: LaneState; readonly task?: LaneTask } {
  const { queue: [task, ...others] = [], ...rest } = state;
  if (task === undefined) return { state };
  return { state: { ...rest, ...(others.length === 0 ? {} : { queue: others }), inHand: task }, task };
}

function onEvent(state: LaneState, event: DeploymentEvent, rules: LaneRules): LaneStep {
  if (state.recent.includes(event.identity)) return drop(state, event, 'duplicate');
  const seen = { ...state, recent: [...state.recent, event.identity].slice(-recentLimit) };
  const last = state.reports.find((report) => report.reporter === event.reporter);
  if (last !== undefined && isOutdated(event, last, rules)) return drop(seen, event, 'outdated');
  const current = rules.installReplaces && last === undefined ? forgetReplaced(seen, event) : seen;
  const heard = rememberReport(current, event, last);
  if (event.kind === 'deployed' && isHeld(heard, event.version)) return drop(heard, event, 'held');
  return event.kind === 'rolled-back'
    ? onRollback(heard, event, last, rules)
    : onDeployed(heard, event, { last, before: seen.newest }, rules);
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
  const joinsQueue = isQueued(state, event.version);
  if (newest !== undefined) {
    if (event.version === newest.version) {
      const isJoined = event.reporter !== newest.reporter && state.lastFailed?.version !== event.version;
      const isPending = isUnderWay(state, event.version) || joinsQueue || isJoined;
      // Where versions wait behind each other no longer, it goes before those that do.
      if (isPending && (queues || !joinsQueue)) return drop(state, event, 'same-version');
    } else if (isLateReport(event, newest, last, rules)) {
      const isPending = queues && (isUnderWay(state, event.version) || joinsQueue);
      return drop(state, event, isPending ? 'same-version' : 'older-version');
    }
  }
  const promoted: LaneState = {
    ...state,
    newest: { ...orderKeyOf(event), version: event.version },
  };
  const task = taskFor(state, event, 'promote', event.version);
  if (!queues) return enqueue(promoted, task, event.version);
  const isBack = before !== undefined && (rules.compareVersions(event.version, before.version) ?? 0) < 0;
  return isBack ? onReturn(promoted, task) : joinQueue(promoted, task);
}

/** The environment before went back to the task's version: what is above it must not be promoted any more. */
function onReturn(state: LaneState, task: LaneTask): LaneStep {
  const { event, version } = task;
  const isGone = (other: LaneTask): boolean => isAbove(other.version, version);
  if (actingOn(state, isGone) !== undefined) return enqueue(state, task, version, 'rolled-back');
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
  if (!rules.queues || event.supersede !== 'queue') {
    return enqueue(withdrawn, taskFor(state, event, 'withdraw', abandoned), by);
  }
  const isGone = ({ version }: LaneTask): boolean => version === abandoned || isAbove(version, event.version);
  const acting = actingOn(state, isGone);
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
