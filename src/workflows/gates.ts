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
import { closedGates, nextLook, openUntil, stopsClock } from '../domain/gates/evaluate';
import { approvalsAsked } from '../domain/approvals/approvals-asked';
import { thatCount } from '../domain/approvals/vouched';
import { type GateFacts } from '../domain/gates/gate';
import { type PromotionTask } from '../domain/promotion/promotion';
import { continuePromotion } from './continue-promotion';
import { type ExpiryClock } from './expiry-clock';
import { localFirst, withinTask } from './local-first';
import { lookUp } from './look-up';
import { type OpenGates } from './open-gates';
import { hasDecisionsToTell, tellDecisions, tellLastDecisions } from './tell-decisions';
import { type Progress } from './promotion-progress';
import { type PromotionInbox } from './promotion-inbox';
import { type PromotionNotices } from './promotion-notices';

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
export const slowRecheck = { firstMs: 60_000, longestMs: 900_000 };

export interface Expired {
  readonly status: 'expired';
  readonly afterMs: number;
}

type GatesPassed = Exclude<Resolution, ReadyPromotion> | OpenGates | Expired;

/** What the gates want to know of the promotion at this moment. */
export function gateFacts(task: PromotionTask, inbox: PromotionInbox): GateFacts {
  const { approved, tests, head, requesters, requestedVia, overridden } = inbox;
  return {
    task,
    workflowId: workflowInfo().workflowId,
    approved,
    approvals: thatCount(inbox.approvals, inbox.vouched),
    tests,
    head,
    requesters,
    requestedVia,
    overridden: overridden.flatMap(({ gates }) => gates),
    now: Date.now(),
  };
}

/** What a promotion passes its gates with. */
export interface Passing {
  readonly task: PromotionTask;
  readonly inbox: PromotionInbox;
  readonly progress: Progress;
  readonly notices: PromotionNotices;
  readonly clock: ExpiryClock;
}

/** Waits until the promotion may act, or should stop. @returns what the Pipeline says by then */
export async function passGates({ task, inbox, progress, notices, clock }: Passing): Promise<GatesPassed> {
  const facts = (): GateFacts => gateFacts(task, inbox);
  for (let looks = 1; ; looks += 1) {
    const resolution = await resolvePromotion(task);
    progress.resolved(resolution);
    if (resolution.status === 'ignored' || inbox.stopAsked()) return resolution;

    inbox.requireVouching(resolution.vouched === true);
    const { approvals, tests } = inbox;
    const closed = closedGates(facts(), resolution);
    const asked = approvalsAsked(resolution);
    inbox.acceptApproval(closed.some(({ until }) => until === 'approval'));
    inbox.acceptDecisions(closed.length > 0 && task.action === 'promote' ? asked : []);
    clock.stand(stopsClock(closed));
    if (closed.length === 0) return withEnd(resolution, openUntil(facts(), resolution));
    await progress.held(closed);

    const { expireAfterMs, promoteOn } = resolution;
    const rechecks = { pipelineMs: backOffMs(recheck, looks), timeMs: backOffMs(slowRecheck, looks) };
    const lookMs = earliest(
      nextLook(closed, Date.now(), rechecks, openUntil(facts(), resolution)),
      clock.leftMs(expireAfterMs),
    );
    // Of approvals, an edit may ask for fewer, or for those of others.
    const looksAgain = lookMs !== undefined || asked.length > 0 || (promoteOn ?? tests) !== undefined;
    // A fact that the promotion has itself is weighed at once; for the others the Pipeline is read again.
    const changed = (): boolean =>
      (looksAgain && inbox.takeReconsideration()) ||
      inbox.approvals !== approvals ||
      inbox.tests !== tests ||
      closedGates(facts(), resolution).length === 0;
    const isDue = (): boolean => inbox.stopAsked() || changed() || hasDecisionsToTell(task, inbox);
    await condition(isDue, lookMs);
    await tellDecisions(task, inbox);
    for (const override of inbox.takeOverrides()) await progress.overridden(override);

    if (expireAfterMs !== undefined && clock.leftMs(expireAfterMs) === 0) {
      return { status: 'expired', afterMs: expireAfterMs };
    }
    if (looksAgain && workflowInfo().continueAsNewSuggested) {
      await tellLastDecisions(task, inbox);
      if (task.followed === true && !inbox.stopAsked()) await startAnew(task, inbox, clock, notices);
      inbox.askToYield();
    }
    if (inbox.stopAsked()) return resolution;
    // An approval may come after weeks: the Pipeline is read again. Promotions held before 0.2 went on with what they had.
    if (!looksAgain && !patched('reread-after-approval')) return resolution;
  }
}

/** With a short history. A lane of 0.1 is asked to start the promotion again, because it must do so itself. */
function startAnew(
  task: PromotionTask,
  inbox: PromotionInbox,
  clock: ExpiryClock,
  notices: PromotionNotices,
): Promise<never> {
  return continuePromotion(withDecisions(task, inbox), {
    times: {},
    rejoined: inbox.rejoined,
    ranMs: clock.ranMs(),
    ...notices.kept(),
  });
}

/** The task, with what people and tests have decided since. */
export function withDecisions(task: PromotionTask, inbox: PromotionInbox): PromotionTask {
  const { approved, manualApproval, approvals, tests, overridden, requesters, vouched } = inbox;
  return {
    ...task,
    approved,
    ...(manualApproval === undefined ? {} : { manualApproval }),
    approvals: thatCount(approvals, vouched),
    ...(tests === undefined ? {} : { tests }),
    ...(overridden.length === 0 ? {} : { overridden }),
    ...(requesters.length === 0 ? {} : { requestedBy: requesters }),
  };
}

function withEnd(resolution: ReadyPromotion, end: number | undefined): OpenGates {
  return end === undefined ? resolution : { ...resolution, openUntil: end };
}

export function earliest(...times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((each) => each !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
