import { type PromotionTask } from '../domain/promotion/promotion';
import { type PipelineStore } from '../store/pipeline-store';
import { type Authority, type MergeOf } from './authority';
import { requireNothingHolds } from './require-open-gates';

export interface MayAct {
  readonly store: Pick<PipelineStore, 'pipeline' | 'freezes'>;
  /** Absent: there is no key, and nothing is verified. */
  readonly authority?: Pick<Authority, 'require'>;
}

/**
 * To be called right before a promotion pushes, merges or notifies: those who may have allowed it, and no one holds it.
 * @throws WindlassError not-authorized, lane-unavailable or store-unavailable; GatesClosed
 */
export async function requireMayAct(
  { store, authority }: MayAct,
  task: PromotionTask,
  merge?: MergeOf,
): Promise<void> {
  await authority?.require(task, merge);
  await requireNothingHolds(store, task);
}
