import { clipText } from '../names';
import { type ApprovalSettings, longestName } from './approval-settings';
import { type Decision } from './decision';
import { type GivenApproval, isNamed, quorumOf } from './quorum';

/** What a decision is about. */
export interface Decidable {
  readonly version: string;
  /** Absent: the promotion does not wait for decisions. */
  readonly settings?: ApprovalSettings | undefined;
  readonly approvals: readonly GivenApproval[];
}

/** Why neither an approval nor a rejection is taken. @returns a sentence for the person who sent it */
export function decisionFault(decision: Decision, { version, settings }: Decidable): string | undefined {
  if (settings === undefined) return 'This promotion does not wait for approvals.';
  if (decision.version !== version) {
    const named = clipText(decision.version, longestName);
    return `This promotion waits for approvals of ${version}, not of ${named}.`;
  }
  if (isNamed(decision, settings)) return undefined;
  const reason =
    settings.groups === undefined
      ? 'is not one of the users'
      : `is ${settings.users === undefined ? 'not' : 'neither one of the users nor'} in one of the groups`;
  return `${decision.by} ${reason} in gates.approvals of the Pipeline.`;
}

/** The same of an approval. To approve a second time is no fault and changes nothing. */
export function approvalFault(decision: Decision, decidable: Decidable, now: number): string | undefined {
  const fault = decisionFault(decision, decidable);
  const { settings, approvals } = decidable;
  if (fault !== undefined || settings === undefined) return fault;
  const { counting, missing } = quorumOf(approvals, settings, now);
  if (missing > 0 || counting.some(({ by }) => by === decision.by)) return undefined;
  return `This promotion has the approvals that it needs, of ${counting.map(({ by }) => by).join(', ')}.`;
}
