/** The versions that wait behind each other, oldest first, where the Pipeline says `gates.supersede: queue`. */
import { compareVersions } from '../version/compare-versions';
import { type DroppedEvent, type DropReason, withDropped } from './dropped-event';
import { isHeld } from './held-versions';
import { type LaneStep } from './lane-step';
import { type LaneState, type LaneTask } from './lane-state';

export const queueLimit = 20;

/** Puts a promotion at the end. If the queue is full, its oldest one leaves it. */
export function joinQueue(state: LaneState, task: LaneTask): LaneStep {
  return bounded(state, [...(state.queue ?? []), task]);
}

/** Takes the promotions out to which `leaves` applies. */
export function leaveQueue(
  state: LaneState,
  reason: DropReason,
  leaves: (task: LaneTask) => boolean = () => true,
): LaneStep {
  const { queue = [] } = state;
  return queue.some(leaves)
    ? withQueue(
        state,
        queue.filter((task) => !leaves(task)),
        queue.filter(leaves),
        reason,
      )
    : { state };
}

export function isQueued({ queue = [] }: LaneState, version: string): boolean {
  return queue.some((task) => task.version === version);
}

/** Whether a version is newer, or has no order, so that it must not be promoted after its environment went back to the other. */
export function isAbove(version: string, other: string): boolean {
  return (compareVersions(version, other) ?? 1) > 0;
}

/**
 * Someone asked for a version, and it goes first: what acts is queued again if it is newer, and what is queued leaves if it is
 * older, because no version is followed by an older one.
 */
export function putFirst(state: LaneState, version: string): LaneStep {
  const { inHand, waiting, queue = [] } = state;
  // If something waits, what acts stops for that already.
  const first = waiting ?? inHand;
  const returns =
    first?.action === 'promote' && first.event.supersede === 'queue' && first.request?.kind !== 'rollback';
  const all: readonly LaneTask[] = returns ? [{ ...first, start: 'again' }, ...queue] : queue;
  const newer = leaveQueue(replaced(state, all), 'superseded', (task) => !isAbove(task.version, version));
  const kept = bounded(newer.state, newer.state.queue ?? []);
  return { state: kept.state, ...leftOf(newer, kept) };
}

/** Takes out what is promoted all the same: by a newer event, or because what was queued again had just been merged. */
export function forgetQueued(state: LaneState, isPromoted: (task: LaneTask) => boolean): LaneState {
  const { queue } = state;
  return queue === undefined
    ? state
    : replaced(
        state,
        queue.filter((task) => !isPromoted(task)),
      );
}

/** Held versions leave the queue, and can be asked for. */
export function dropHeld(step: LaneStep): LaneStep {
  const { state } = step;
  const left = leaveQueue(state, 'held', (task) => isHeld(state, task.version));
  if (left.leftQueue === undefined) return step;
  const held = left.state.held?.map((each) => {
    const task = each.task ?? state.queue?.findLast(({ version }) => version === each.version);
    return { ...each, ...(task === undefined ? {} : { task }) };
  });
  return {
    ...step,
    state: { ...left.state, ...(held === undefined ? {} : { held }) },
    ...leftOf(step, left),
  };
}

/** What left the queue in two steps. */
export function leftOf(...steps: readonly LaneStep[]): Pick<LaneStep, 'leftQueue'> {
  const leftQueue = steps.flatMap((step) => step.leftQueue ?? []);
  return leftQueue.length === 0 ? {} : { leftQueue };
}

function bounded(state: LaneState, queue: readonly LaneTask[]): LaneStep {
  const excess = Math.max(queue.length - queueLimit, 0);
  return withQueue(state, queue.slice(excess), queue.slice(0, excess), 'queue-full');
}

function withQueue(
  state: LaneState,
  queue: readonly LaneTask[],
  left: readonly LaneTask[],
  reason: DropReason,
): LaneStep {
  const leftQueue = left.map(({ version, event }): DroppedEvent => ({ version, reason, at: event.at }));
  const next = replaced(state, queue);
  if (leftQueue.length === 0) return { state: next };
  const dropped = leftQueue.reduce<LaneState['dropped']>(withDropped, state.dropped) ?? [];
  return { state: { ...next, dropped }, leftQueue };
}

function replaced({ queue: _, ...rest }: LaneState, queue: readonly LaneTask[]): LaneState {
  return queue.length === 0 ? rest : { ...rest, queue };
}
