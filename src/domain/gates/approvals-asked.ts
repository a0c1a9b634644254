import { type ApprovalSettings } from '../approvals/approval-settings';
import { type GatePolicies } from './registry';

/** The quorums that the Pipeline and the operator's policy ask for. */
export function approvalsAsked({
  approvals,
  minimums = [],
}: Pick<GatePolicies, 'approvals' | 'minimums'>): readonly ApprovalSettings[] {
  return [approvals, ...minimums.map((minimum) => minimum.approvals)].filter((each) => each !== undefined);
}
