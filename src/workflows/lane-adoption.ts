/** Promotions that an earlier lane of the same id left running. */
import { proxyActivities, proxyLocalActivities, sleep, uuid4 } from '@temporalio/workflow';
import { type LaneActivities } from '../activities/lane-activities';
import { isUnreported } from '../domain/lane/acts';
import { transition } from '../domain/lane/lane';
import { type LaneState, type LaneTask, type Settling } from '../domain/lane/lane-state';
import { orderKeyOf } from '../domain/lane/order';
import { isFor, keyOf } from '../domain/promotion/promotion-news';
import { type LaneStart } from './contract/messages';
import { localFirst, withinTask } from './local-first';
import { type LanePromotions } from './lane-promotions';
import { lookUp } from './look-up';

/** After a storm of first events, and not all at once. */
const strayLook = { earliestMs: 600_000, spreadMs: 3_000_000 };

const findRunningPromotions = localFirst(
  proxyLocalActivities<LaneActivities>(withinTask).findRunningPromotions,
  proxyActivities<LaneActivities>(lookUp).findRunningPromotions,
);

/**
 * A promotion can wait for people for longer than Temporal remembers the lane that started it, if that was terminated. When
 * nothing is urgent any more, such a promotion ends in favor of what this lane knows.
 */
export async function endStrays(
  { pipeline, environment }: LaneStart,
  state: () => LaneState,
  promotions: LanePromotions,
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
export async function adoptRunning(
  { pipeline, environment }: LaneStart,
  empty: LaneState,
  promotions: LanePromotions,
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
  return {
    ...knownFrom(empty, acting),
    ...(acting === undefined ? {} : { inHand: acting }),
    ...(settling?.stage === undefined
      ? {}
      : { settling: { task: settling.task, stage: settling.stage, at: Date.now() } }),
  };
}

/** What the promotion that acts says of the reports before it. */
function knownFrom(empty: LaneState, acting: LaneTask | undefined): LaneState {
  if (acting?.action !== 'promote') return empty;
  const { event, version } = acting;
  if (isUnreported(acting)) return { ...empty, newest: { ...orderKeyOf(event), version } };
  const { waiting, queue, ...known } = transition(empty, { type: 'event', event }).state;
  return known;
}

function isSettlingStage(state: string | undefined): state is Settling['stage'] {
  return state === 'merged' || state === 'notified';
}
