import { ApplicationFailure } from '@temporalio/workflow';
import { type Approval } from './contract/messages';

/** @throws ApplicationFailure that says why this approval is rejected */
export function validateApproval(approval: Approval, version: string, held: boolean): void {
  if (!held) throw refusal('This promotion does not wait for approval.');
  if (approval.version !== version) {
    throw refusal(`This promotion waits for the approval of ${version}, not of ${approval.version}.`);
  }
}

function refusal(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'approval-refused');
}
