/** An environment that goes back to another version after its promotion has ended as deployed. */
import { type PromotionEnd } from '../promotion/promotion';
import { withOutcome } from './ended-promotion';
import { endFacts } from './lane-outcome';
import { type LaneState, type LaneTask, type Report } from './lane-state';
import { isSameVersion } from './running-versions';

export interface LaterRollback {
  readonly task: LaneTask;
  readonly end: Extract<PromotionEnd, { readonly state: 'rolled-back' }>;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface LaterRollbackStep {
  readonly state: LaneState;
  readonly laterRollback: LaterRollback;
}

/** @param back what the environment went back to */
export function rollBackLater(
  state: LaneState,
  task: LaneTask,
  { version: to, at }: Pick<Report, 'version' | 'at'>,
): LaterRollbackStep {
  const { deployed, ...rest } = state;
  const outcome = state.outcomes.find((each) => each.version === task.version && each.state === 'deployed');
  const facts = outcome === undefined ? undefined : endFacts(outcome);
  const end = { ...(facts?.state === 'deployed' ? facts : {}), state: 'rolled-back', to } as const;
  return { state: withOutcome(rest, task, end, at), laterRollback: { task, end, at } };
}

/**
 * A promotion has ended as deployed. It is remembered as long as nothing newer is merged; if its environment went back
 * while it ended, that counts.
 */
export function rememberDeployed(
  state: LaneState,
  task: LaneTask,
): LaterRollbackStep | { readonly state: LaneState } {
  const isRolledBack = state.held?.some(
    // That a person asks for a rollback does not say that the environment went back.
    ({ version, because, keptBelow }) =>
      version === task.version && because === 'rolled-back' && keptBelow !== true,
  );
  const back = state.running?.findLast(({ version }) => !isSameVersion(version, task));
  if (isRolledBack !== true || back === undefined) return { state: { ...state, deployed: task } };
  return rollBackLater(state, task, back);
}
