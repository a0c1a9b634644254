import { ApplicationFailure } from '@temporalio/workflow';
import { readComment, readGroups } from '../domain/approvals/decision';
import { notFromTheApi, notVouchedFor, readVouching } from '../domain/approvals/vouched';
import { type Approval } from './contract/messages';

interface ApprovalStanding {
  readonly held: boolean;
  readonly takesDecisions: boolean;
  /** Of `windlass`. */
  readonly command: string;
  /** Only what the API vouches for counts. */
  readonly vouched: boolean;
}

/** @throws ApplicationFailure that says why this approval is rejected */
export function validateApproval(
  approval: Approval,
  version: string,
  { held, takesDecisions, command, vouched }: ApprovalStanding,
): void {
  if (!held && takesDecisions) {
    throw refusal(`This promotion waits for approvals of people: use windlass ${command}.`);
  }
  if (!held) throw refusal('This promotion does not wait for approval.');
  if (approval.version !== version) {
    throw refusal(`This promotion waits for the approval of ${version}, not of ${approval.version}.`);
  }
  if (readVouching({ ...approval }) === undefined) throw refusal(notFromTheApi);
  if (readGroups(approval.groups ?? []) === undefined) throw refusal('"groups" must be a list of names.');
  if (readComment(approval.comment ?? '') === undefined) {
    throw refusal('"comment" must be a text of up to 1000 characters.');
  }
  if (vouched && approval.capability === undefined) throw refusal(notVouchedFor(command));
}

/** Of an update: the client gets the message. */
export function refusal(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'approval-refused');
}
