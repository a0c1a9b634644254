/** Takes approvals and rejections of a promotion that `gates.approvals` holds. The rules are in src/domain/approvals. */
import { setHandler } from '@temporalio/workflow';
import { type ApprovalSettings } from '../domain/approvals/approval-settings';
import { approvalFault, decisionFault } from '../domain/approvals/decision-faults';
import { type Decision, readDecision } from '../domain/approvals/decision';
import {
  type ApprovalContext,
  boundTo,
  type GivenApproval,
  quorumOf,
  withApproval,
} from '../domain/approvals/quorum';
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
  /** When the last approval was given, milliseconds since the epoch. */
  readonly approvedAt: number | undefined;
  /** Takes decisions for these quorums from now on; refuses them where there are none. */
  accept(settings: readonly ApprovalSettings[]): void;
  /** What was approved so far is this commit. */
  bindTo(head: string): void;
}

/**
 * @param isStopping whether the promotion will end before it could heed a decision
 * @param context what is approved, and by whom it was asked for
 */
export function openDecisions(
  task: PromotionTask,
  isStopping: () => boolean,
  context: () => ApprovalContext,
): Decisions {
  let settings: readonly ApprovalSettings[] = [];
  let approvals = task.approvals ?? [];
  let rejection: Rejection | undefined;

  const decidable = () => ({
    version: task.version,
    approvals,
    settings: isStopping() || rejection !== undefined ? [] : settings,
    ...context(),
  });
  const approve = (decision: Decision): ApprovalAnswer => {
    // Accepted in the same moment as what ended the wait: it counts for no one.
    const asked = settings.length === 0 ? [{ required: 1 }] : settings;
    const now = Date.now();
    approvals = withApproval(approvals, decision, asked, now, context());
    const quorums = asked.map((each) => ({ each, quorum: quorumOf(approvals, each, now, context()) }));
    const people = quorums.flatMap(({ quorum }) => quorum.counting.map(({ by }) => by));
    return {
      said: quorums.map(({ each, quorum }) => describeQuorum(quorum, each)).join(' '),
      approvedBy: [...new Set(people)],
      missing: Math.max(...quorums.map(({ quorum }) => quorum.missing)),
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
      return decidable().settings.length > 0;
    },
    get approvedAt() {
      return approvals.length === 0 ? undefined : Math.max(...approvals.map(({ at }) => at));
    },
    bindTo(head) {
      approvals = boundTo(approvals, head);
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
