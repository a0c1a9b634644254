/** Takes approvals and rejections of a promotion that `gates.approvals` holds. The rules are in src/domain/approvals. */
import { setHandler } from '@temporalio/workflow';
import { type ApprovalSettings } from '../domain/approvals/approval-settings';
import { approvalFault, decisionFault } from '../domain/approvals/decision-faults';
import { type Decision, readDecision } from '../domain/approvals/decision';
import { type GivenApproval, quorumOf, withApproval } from '../domain/approvals/quorum';
import { describeQuorum } from '../domain/gates/approvals';
import { type PromotionOutcome, type PromotionTask } from '../domain/promotion/promotion';
import { refusal } from './approval';
import { type ApprovalAnswer, approveUpdate, rejectUpdate } from './contract/messages';

type Rejection = Extract<PromotionOutcome, { state: 'rejected' }>;

export interface Decisions {
  /** Another list after each approval. */
  readonly approvals: readonly GivenApproval[];
  readonly rejection: Rejection | undefined;
  /** Whether decisions are taken. */
  readonly accepted: boolean;
  /** Takes decisions from now on, or (undefined) refuses them. */
  accept(settings: ApprovalSettings | undefined): void;
}

/** @param isStopping whether the promotion will end before it could heed a decision */
export function openDecisions(task: PromotionTask, isStopping: () => boolean): Decisions {
  let settings: ApprovalSettings | undefined;
  let approvals = task.approvals ?? [];
  let rejection: Rejection | undefined;

  const decidable = () => ({
    version: task.version,
    approvals,
    settings: isStopping() || rejection !== undefined ? undefined : settings,
  });
  const approve = (decision: Decision): ApprovalAnswer => {
    // Accepted in the same moment as what ended the wait: it counts for no one.
    const asked = settings ?? { required: 1 };
    const now = Date.now();
    approvals = withApproval(approvals, decision, asked, now);
    const quorum = quorumOf(approvals, asked, now);
    return {
      said: describeQuorum(quorum, asked),
      approvedBy: quorum.counting.map(({ by }) => by),
      missing: quorum.missing,
    };
  };

  setHandler(approveUpdate, (input) => approve(read(input)), {
    validator: (input) => refuseFor(approvalFault(read(input), decidable(), Date.now())),
  });
  setHandler(
    rejectUpdate,
    (input) => {
      const { by, comment } = read(input);
      rejection ??= { state: 'rejected', by, ...(comment === undefined ? {} : { comment }) };
      return `${task.version} is not promoted into ${task.to}.`;
    },
    { validator: (input) => refuseFor(decisionFault(read(input), decidable())) },
  );

  return {
    get approvals() {
      return approvals;
    },
    get rejection() {
      return rejection;
    },
    get accepted() {
      return decidable().settings !== undefined;
    },
    accept(asked) {
      settings = asked;
    },
  };
}

/** @throws ApplicationFailure that says what is wrong with the input */
function read(input: unknown): Decision {
  const reading = readDecision(input);
  if (!reading.ok) throw refusal(reading.fault);
  return reading.decision;
}

function refuseFor(fault: string | undefined): void {
  if (fault !== undefined) throw refusal(fault);
}
