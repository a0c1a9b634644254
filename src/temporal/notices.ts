import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { type Notice } from '../domain/notices/notice';
import { noticeId, noticeTimeout, noticeWorkflow, taskQueue } from '../workflows/contract/ids';
import { summaryText } from '../workflows/contract/summary';

/**
 * Tells people a fact, once: a second start, by this or another process, has no effect.
 * @param subject the workflow or the object that it is about
 * @param fact short: what happened to it
 */
export async function startNotice(
  client: Client,
  subject: string,
  fact: string,
  notice: Notice,
): Promise<void> {
  try {
    await client.workflow.start(noticeWorkflow, {
      taskQueue,
      workflowId: noticeId(subject, fact),
      args: [notice],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowExecutionTimeout: noticeTimeout,
      staticSummary: summaryText(notice.message),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
