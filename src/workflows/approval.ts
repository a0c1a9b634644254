import { ApplicationFailure } from '@temporalio/workflow';
import { type Approval } from './contract/messages';

/** @throws ApplicationFailure that says why this approval is rejected */
export function validateApproval(
  approval: Approval,
  version: string,
  { held, takesDecisions }: { readonly held: boolean; readonly takesDecisions: boolean },
): void {
  if (!held && takesDecisions) {
    throw refusal('This promotion waits for approvals: send the update approve, with your name as "by".');
  }
  if (!held) throw refusal('This promotion does not wait for approval.');
  if (approval.version !== version) {
    throw refusal(`This promotion waits for the approval of ${version}, not of ${approval.version}.`);
  }
}

/** Of an update: the client gets the message. */
export function refusal(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'approval-refused');
}
