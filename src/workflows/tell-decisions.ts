/** What people decided on a promotion goes into its lane's record: in one message, however many decided at once. */
import { patched } from '@temporalio/workflow';
import { type PromotionTask } from '../domain/promotion/promotion';
import { tellLane } from './lane-link';
import { type PromotionInbox } from './promotion-inbox';

/** Lanes of 0.1 keep no record. */
export function hasDecisionsToTell({ followed }: PromotionTask, inbox: PromotionInbox): boolean {
  return followed === true && inbox.hasDecided() && patched('tell-decisions');
}

/** To be called in the promotion's own course, not where a decision comes in: a hundred come at once. */
export async function tellDecisions(task: PromotionTask, inbox: PromotionInbox): Promise<void> {
  if (!hasDecisionsToTell(task, inbox)) return;
  await tellLane(task, { stage: 'decided', records: inbox.takeDecided(), at: Date.now() });
}

/**
 * The same before a promotion fails or continues as new, where older code told nothing.
 * @returns whether it did: then something else may have come in meanwhile
 */
export async function tellLastDecisions(task: PromotionTask, inbox: PromotionInbox): Promise<boolean> {
  if (task.followed !== true || !inbox.hasDecided() || !patched('tell-last-decisions')) return false;
  while (inbox.hasDecided()) {
    await tellLane(task, { stage: 'decided', records: inbox.takeDecided(), at: Date.now() });
  }
  return true;
}
