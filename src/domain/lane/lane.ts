/**
 * The rules of a lane: the promotions into one environment of one pipeline, one at a time, in order.
 *
 * `transition` is pure: it takes the state and an input, and returns the new state and the message for the running
 * promotion. The workflow around it only starts promotions and waits. The state is plain data that survives upgrades of
 * Windlass: `schema` is its version.
 */
import { isFor } from '../promotion/promotion-news';
import { onAct } from './acts';
import { onEvent } from './deployment-events';
import { onEnded } from './ended-promotion';
import { onFact } from './environment-facts';
import { onNews } from './followed-promotions';
import { isHeld } from './held-versions';
import { type LaneInput } from './lane-input';
import { withRecordsOf } from './lane-records';
import { type LaneRules, currentRules } from './lane-rules';
import { type LaneState, type LaneTask } from './lane-state';
import { type LaneStep } from './lane-step';
import { rememberOnward } from './not-onward';
import { dropHeld, forgetQueued } from './queue';
import { onRequest, onRetry } from './requests';
import { onSourceTests } from './source-tests';
import { traced } from './traced-tasks';

export function transition(state: LaneState, input: LaneInput, rules = currentRules): LaneStep {
  const step = dropHeld(traced(apply(vouchedBy(state, input), input, rules), input));
  return { ...step, state: withRecordsOf(state, input, step.state) };
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
    case 'act':
      return onAct(state, input.act);
    case 'records':
      return { state };
    case 'not-onward':
      return { state: rememberOnward(state, input.to) };
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

/** A lane that has seen tokens asks whether they are needed before it takes a request without one. */
function vouchedBy(state: LaneState, input: LaneInput): LaneState {
  if (state.vouched === true || capabilityOf(input) === undefined) return state;
  return { ...state, vouched: true };
}

function capabilityOf(input: LaneInput): string | undefined {
  switch (input.type) {
    case 'event':
      return input.event.capability;
    case 'fact':
      return input.fact.capability;
    case 'act':
      return input.act.capability;
    default:
      return undefined;
  }
}
