/** Holds a promotion until every gate is open. The rules are in src/domain/gates. */
import {
  condition,
  patched,
  proxyActivities,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import {
  type PromotionActivities,
  type ReadyPromotion,
  type Resolution,
} from '../activities/promotion-activities';
import { backOffMs } from '../domain/back-off';
import { closedGates, nextLook, openUntil } from '../domain/gates/evaluate';
import { type GateFacts } from '../domain/gates/gate';
import { type PromotionTask } from '../domain/promotion/promotion';
import { continuePromotion } from './continue-promotion';
import { localFirst, withinTask } from './local-first';
import { lookUp } from './look-up';
import { type OpenGates } from './open-gates';
import { type Progress } from './promotion-progress';
import { type PromotionInbox } from './promotion-inbox';

const asActivity = proxyActivities<PromotionActivities>(lookUp);
const resolveWithinTask = localFirst(
  proxyLocalActivities<PromotionActivities>(withinTask).resolvePromotion,
  asActivity.resolvePromotion,
);

/** Promotions that are not followed may be continued by a worker of 0.1. */
export function resolvePromotion(task: PromotionTask): Promise<Resolution> {
  return task.followed === true ? resolveWithinTask(task) : asActivity.resolvePromotion(task);
}

/** How often the Pipeline is read while a gate waits for an edit of it. */
const recheck = { firstMs: 5_000, longestMs: 60_000 };
/** The same while time opens it as well: nights and weekends must not fill the history. */
const slowRecheck = { firstMs: 60_000, longestMs: 900_000 };

type GatesPassed = Exclude<Resolution, ReadyPromotion> | OpenGates;

/** What the gates want to know of the promotion at this moment. */
export function gateFacts(task: PromotionTask, { approved, approvals, tests }: PromotionInbox): GateFacts {
  return { task, workflowId: workflowInfo().workflowId, approved, approvals, tests, now: Date.now() };
}

/** Waits until the promotion may act, or should stop. @returns what the Pipeline says by then */
export async function passGates(
  task: PromotionTask,
  inbox: PromotionInbox,
  progress: Progress,
): Promise<GatesPassed> {
  const facts = (): GateFacts => gateFacts(task, inbox);
  for (let looks = 1; ; looks += 1) {
    const resolution = await resolvePromotion(task);
    progress.resolved(resolution);
    if (resolution.status === 'ignored' || inbox.stopAsked()) return resolution;

    const { approvals, tests } = inbox;
    const closed = closedGates(facts(), resolution);
    inbox.acceptApproval(closed.some(({ until }) => until === 'approval'));
    const decidable = closed.length > 0 && task.action === 'promote';
    inbox.acceptDecisions(decidable ? resolution.approvals : undefined);
    if (closed.length === 0) return withEnd(resolution, openUntil(facts(), resolution));
    await progress.held(closed);

    const rechecks = { pipelineMs: backOffMs(recheck, looks), timeMs: backOffMs(slowRecheck, looks) };
    const lookMs = nextLook(closed, Date.now(), rechecks, openUntil(facts(), resolution));
    // Of approvals, an edit may ask for fewer, or for those of others.
    const { approvals: asked, promoteOn } = resolution;
    const looksAgain = lookMs !== undefined || asked !== undefined || (promoteOn ?? tests) !== undefined;
    // A fact that the promotion has itself is weighed at once; for the others the Pipeline is read again.
    const changed = (): boolean =>
      (looksAgain && inbox.takeReconsideration()) ||
      inbox.approvals !== approvals ||
      inbox.tests !== tests ||
      closedGates(facts(), resolution).length === 0;
    await condition(() => inbox.stopAsked() || changed(), lookMs);

    if (looksAgain && workflowInfo().continueAsNewSuggested) {
      if (task.followed === true && !inbox.stopAsked()) await startAnew(task, inbox);
      inbox.askToYield();
    }
    if (inbox.stopAsked()) return resolution;
    // An approval may come after weeks: the Pipeline is read again. Promotions held before 0.2 went on with what they had.
    if (!looksAgain && !patched('reread-after-approval')) return resolution;
  }
}

/** With a short history. A lane of 0.1 is asked to start the promotion again, because it must do so itself. */
function startAnew(task: PromotionTask, inbox: PromotionInbox): Promise<never> {
  const { approved, approvals, tests, rejoined } = inbox;
  const known = { approved, approvals, ...(tests === undefined ? {} : { tests }) };
  return continuePromotion({ ...task, ...known }, { times: {}, rejoined });
}

function withEnd(resolution: ReadyPromotion, end: number | undefined): OpenGates {
  return end === undefined ? resolution : { ...resolution, openUntil: end };
}
