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
import { type PromotionKey, type PromotionNews } from '../promotion/promotion-news';
import { onEnded } from './ended-promotion';
import { onFact } from './environment-facts';
import { onNews } from './followed-promotions';
import { isHeld } from './held-versions';
import { type LaneStep } from './lane-step';
import { type DropReason, type DroppedEvent } from './dropped-event';
import { type LaneRules, currentRules } from './lane-rules';
import { forgetReplaced } from './replaced-targets';
import { orderKeyOf } from './order';
import { onSourceTests } from './source-tests';
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
  | { readonly type: 'promote'; readonly version: string };

/** Helm re-sends within minutes and Flux de-duplicates for five: 256 covers days of one lane. */
const recentLimit = 256;
/** Targets of one environment; the least recent one is dropped first. */
const reporterLimit = 64;
const droppedLimit = 10;

export function transition(state: LaneState, input: LaneInput, rules = currentRules): LaneStep {
  switch (input.type) {
    case 'event':
      return onEvent(state, input.event, rules);
    case 'ended':
      return { state: onEnded(state, input.end, input.now) };
    case 'retry':
      return { state: onRetry(state) };
    case 'news':
      return onNews(state, input.of, input.news);
    case 'fact': {
      const { kind, environment } = input.fact;
      if (kind === 'tests-failed' || kind === 'tests-passed') {
        const isOfSource = environment !== undefined && environment !== state.environment;
        return isOfSource ? onSourceTests(state, input.fact) : { state };
      }
      const { state: next, news } = onFact(state, input.fact);
      return { state: next, ...(news === undefined ? {} : { tell: [news] }) };
    }
    case 'promote':
      return onRequest(state, input.version);
  }
}

/** Whether two steps from the same state lead to the same promotions, now and later. */
export function decidesAlike(a: LaneStep, b: LaneStep): boolean {
  const decision = ({ state, supersede }: LaneStep): string =>
    JSON.stringify([state.waiting, state.newest, state.reports, supersede]);
  return decision(a) === decision(b);
}

/** Marks the waiting task as in progress; the caller starts it. Only between promotions. */
export function takeNext(state: LaneState): { readonly state: LaneState; readonly task?: LaneTask } {
  if (state.inHand !== undefined || state.waiting === undefined) return { state };
  const { waiting, ...rest } = state;
  // Decided against while it waited.
  if (waiting.action === 'promote' && isHeld(state, waiting.version)) return { state: rest };
  return { state: { ...rest, inHand: waiting }, task: waiting };
}

function onEvent(state: LaneState, event: DeploymentEvent, rules: LaneRules): LaneStep {
  if (state.recent.includes(event.identity)) return drop(state, event, 'duplicate');
  const seen = { ...state, recent: [...state.recent, event.identity].slice(-recentLimit) };
  const last = state.reports.find((report) => report.reporter === event.reporter);
  if (last !== undefined && isOutdated(event, last, rules)) return drop(seen, event, 'outdated');
  const current = rules.installReplaces && last === undefined ? forgetReplaced(seen, event) : seen;
  const heard = remember(current, event, last);
  if (event.kind === 'deployed' && isHeld(heard, event.version)) return drop(heard, event, 'held');
  return event.kind === 'rolled-back'
    ? onRollback(heard, event, last)
    : onDeployed(heard, event, last, rules);
}

function drop(state: LaneState, event: DeploymentEvent, reason: DropReason): LaneStep {
  const dropped: DroppedEvent = { version: event.version, reason, at: event.at };
  return {
    state: { ...state, dropped: [dropped, ...(state.dropped ?? [])].slice(0, droppedLimit) },
    dropped,
  };
}

/** An install that is not later than the last report is older: its release number does not define the order. */
function isOutdated(event: DeploymentEvent, last: Report, rules: LaneRules): boolean {
  const order = rules.compareOrder(orderKeyOf(event), last);
  return order < 0 || (order === 0 && event.install);
}

function remember(state: LaneState, event: DeploymentEvent, last: Report | undefined): LaneState {
  const release = event.kind === 'rolled-back' ? last?.release : event.release;
  const report: Report = {
    at: event.at,
    reporter: event.reporter,
    version: event.version,
    object: event.object,
    ...(release === undefined ? {} : { release }),
  };
  const others = state.reports.filter(({ reporter }) => reporter !== event.reporter);
  return { ...state, reports: [...others, report].slice(-reporterLimit) };
}

function onDeployed(
  state: LaneState,
  event: DeploymentEvent,
  last: Report | undefined,
  rules: LaneRules,
): LaneStep {
  const { newest } = state;
  if (newest !== undefined) {
    if (event.version === newest.version) {
      const isJoined = event.reporter !== newest.reporter && state.lastFailed?.version !== event.version;
      if (isUnderWay(state, event.version) || isJoined) return drop(state, event, 'same-version');
    } else if (isLateReport(event, newest, last, rules)) {
      return drop(state, event, 'older-version');
    }
  }
  const promoted: LaneState = {
    ...state,
    newest: { ...orderKeyOf(event), version: event.version },
  };
  return enqueue(promoted, taskFor(state, event, 'promote', event.version), event.version);
}

/**
 * Whether another target of the environment still reports the previous version. A lower version is a rollback only if
 * this target reported the newer one; if the versions have no order, the time decides.
 */
function isLateReport(
  event: DeploymentEvent,
  newest: Report,
  last: Report | undefined,
  { compareVersions }: LaneRules,
): boolean {
  const order = compareVersions(event.version, newest.version);
  if (order !== undefined && order < 0) {
    const ranNewest =
      last !== undefined &&
      (last.version === newest.version || (compareVersions(last.version, newest.version) ?? -1) > 0);
    return !ranNewest;
  }
  return event.reporter !== newest.reporter && event.at < newest.at;
}

/** Helm went back to an older release: withdraws the abandoned version, unless another target runs it. */
function onRollback(state: LaneState, event: DeploymentEvent, last: Report | undefined): LaneStep {
  const abandoned = last?.version;
  if (abandoned === undefined || abandoned === event.version || state.newest?.version !== abandoned) {
    return drop(state, event, 'nothing-to-withdraw');
  }
  const runsElsewhere = state.reports.some(
    ({ reporter, version }) => reporter !== event.reporter && version === abandoned,
  );
  if (runsElsewhere) return drop(state, event, 'nothing-to-withdraw');
  const withdrawn: LaneState = { ...state, newest: { ...orderKeyOf(event), version: event.version } };
  return enqueue(withdrawn, taskFor(state, event, 'withdraw', abandoned), `rollback to ${event.version}`);
}

function isUnderWay(state: LaneState, version: string): boolean {
  return [state.inHand, state.waiting].some((task) => task?.action === 'promote' && task.version === version);
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

/** The newest task waits; the promotion in progress is asked to stop. */
function enqueue(state: LaneState, task: LaneTask, by: string): LaneStep {
  return {
    state: { ...state, waiting: task },
    ...(state.inHand === undefined ? {} : { supersede: by }),
  };
}

function onRequest(state: LaneState, version: string): LaneStep {
  const task = requestable(state, version);
  if (task === undefined) return { state };
  const held = (state.held ?? []).filter((each) => each.version !== version);
  const newest: Report = { ...orderKeyOf(task.event), version };
  return enqueue({ ...state, held, newest }, { ...task, start: 'again' }, version);
}

/** The promotion of a held version that can be asked for. */
export function requestable({ held = [] }: LaneState, version: string): LaneTask | undefined {
  return held.find((each) => each.version === version)?.task;
}

function onRetry(state: LaneState): LaneState {
  return isRetryable(state) ? { ...state, waiting: state.lastFailed } : state;
}

export function isRetryable(state: LaneState): state is LaneState & { readonly lastFailed: LaneTask } {
  return state.inHand === undefined && state.waiting === undefined && state.lastFailed !== undefined;
}
