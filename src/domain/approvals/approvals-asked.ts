import { type ApprovalSettings } from './approval-settings';
import { type GatePolicies } from '../gates/registry';

/** The quorums that the Pipeline and the operator's policy ask for. */
export function approvalsAsked({
  approvals,
  minimums = [],
}: Pick<GatePolicies, 'approvals' | 'minimums'>): readonly ApprovalSettings[] {
  return [approvals, ...minimums.map((minimum) => minimum.approvals)].filter((each) => each !== undefined);
}
