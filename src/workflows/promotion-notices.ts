/** Starts what tells people about a promotion. The rules are in src/domain/notices. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { isCancellation, log, patched, startChild, workflowInfo } from '@temporalio/workflow';
import { type ReadyPromotion } from '../activities/promotion-activities';
import { type ClosedGate } from '../domain/gates/evaluate';
import { type GateFacts } from '../domain/gates/gate';
import { noticeKinds } from '../domain/notices/notice';
import { approvalFact, isTold, type PromotionFact, standingFact } from '../domain/notices/promotion-notice';
import { type PromotionTask, type PullRequestOpened } from '../domain/promotion/promotion';
import { type PromotionStanding } from '../domain/promotion/sentences';
import { type Followed } from './continue-promotion';
import { noticeId, noticeTimeout } from './contract/ids';
import { summaryText } from './contract/summary';
import { notice } from './notice';

export interface PromotionNotices {
  /** What the Pipeline says now. */
  resolved(ready: ReadyPromotion): void;
  /** Tells the approvers, if people must decide. */
  held(closed: readonly ClosedGate[], pullRequest?: PullRequestOpened): Promise<void>;
  /** Tells what there is a notice for. */
  reached(standing: PromotionStanding): Promise<void>;
  /** For the next run. */
  kept(): Pick<Followed, 'told'>;
}

/** @param before told by earlier runs */
export function openPromotionNotices(
  task: PromotionTask,
  facts: () => GateFacts,
  before: readonly string[] = [],
): PromotionNotices {
  const told = new Set(before);
  let ready: ReadyPromotion | undefined;
  let previous: string | undefined;

  const tell = async ({ key, notice: message }: PromotionFact): Promise<void> => {
    if (told.has(key) || !patched('send-notices')) return;
    told.add(key);
    const { workflowId, firstExecutionRunId } = workflowInfo();
    try {
      await startChild(notice, {
        workflowId: noticeId(workflowId, `${firstExecutionRunId.slice(0, 8)}/${key}`),
        args: [{ ...message, promotionId: workflowId }],
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        // The promotion does not wait for it, and may end before it.
        parentClosePolicy: 'ABANDON',
        workflowExecutionTimeout: noticeTimeout,
        staticSummary: summaryText(message.message),
      });
    } catch (error) {
      if (isCancellation(error)) throw error;
      if (error instanceof WorkflowExecutionAlreadyStartedError) return;
      log.warn('the notice could not be started', { key, error: String(error) });
    }
  };
  /** Lanes of 0.1 and their promotions may be continued by a worker of 0.1. */
  const wanted = (routine: boolean): boolean =>
    task.followed === true && (ready?.notices === 'all' || (ready?.notices === 'needed' && !routine));

  return {
    resolved(now) {
      ready = now;
    },
    async held(closed, pullRequest) {
      previous = pullRequest?.previous ?? previous;
      if (ready === undefined || !wanted(false)) return;
      const fact = approvalFact(task, closed, { facts: facts(), policies: ready }, pullRequest);
      if (fact !== undefined) await tell(fact);
    },
    async reached(standing) {
      if (standing.state === 'pull-request') ({ previous } = standing);
      if (!isTold(standing) || !wanted('routine' in noticeKinds[standing.state])) return;
      await tell(standingFact(task, standing, Date.now(), previous));
    },
    kept: () => (told.size === 0 ? {} : { told: [...told] }),
  };
}
