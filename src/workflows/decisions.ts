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
import { notVouchedFor, thatCount } from '../domain/approvals/vouched';
import { type RejectedBy } from '../domain/capability/parting';
import { describeQuorum } from '../domain/gates/approvals';
import { formatPipelineRef } from '../domain/pipeline/pipeline';
import { type PromotionOutcome, type PromotionTask } from '../domain/promotion/promotion';
import { type AuditRecord } from '../domain/record/audit-record';
import { commandLine } from '../domain/shell';
import { refusal } from './approval';
import { type ApprovalAnswer, approveUpdate, rejectUpdate } from './contract/messages';

type Rejection = Extract<PromotionOutcome, { state: 'rejected' }>;

const anyone: ApprovalSettings = { required: 1 };

export interface Decisions {
  /** Another list after each approval. */
  readonly approvals: readonly GivenApproval[];
  readonly rejection: Rejection | undefined;
  readonly rejectedBy: RejectedBy | undefined;
  /** Whether decisions are taken. */
  readonly accepted: boolean;
  /** When the last approval was given, milliseconds since the epoch. */
  readonly approvedAt: number | undefined;
  /** Takes decisions for these quorums from now on; refuses them where there are none. */
  accept(settings: readonly ApprovalSettings[]): void;
  /** What was approved so far is this commit. */
  bindTo(head: string): void;
}

export interface DecisionFacts {
  /** The promotion will end before it could heed a decision. */
  readonly isStopping: () => boolean;
  /** What is approved, and by whom it was asked for. */
  readonly context: () => ApprovalContext;
  /** `manual: true` holds it: then anyone can reject it whom no gate names others for. */
  readonly isHeld: () => boolean;
  /** Only what the API vouches for counts. */
  readonly isVouched: () => boolean;
  /** Whether the head of the pull request is a commit of others than Windlass. */
  readonly isOfOthers: () => boolean;
  /** Keeps what was decided for the lane. */
  readonly note: (record: AuditRecord) => void;
}

export function openDecisions(
  task: PromotionTask,
  { isStopping, context, isHeld, isVouched, isOfOthers, note }: DecisionFacts,
): Decisions {
  let settings: readonly ApprovalSettings[] = [];
  let approvals = task.approvals ?? [];
  let rejection: Rejection | undefined;
  let rejectedBy: RejectedBy | undefined;

  const counted = () => thatCount(approvals, isVouched());
  const decidable = () => ({
    version: task.version,
    approvals: counted(),
    settings: isStopping() || rejection !== undefined ? [] : settings,
    ...context(),
  });
  const rejectable = () => {
    const asked = decidable();
    return asked.settings.length === 0 && rejection === undefined && isHeld()
      ? { ...asked, settings: [anyone] }
      : asked;
  };
  const approve = (decision: Decision): ApprovalAnswer => {
    // Accepted in the same moment as what ended the wait: it counts for no one.
    const asked = settings.length === 0 ? [anyone] : settings;
    const now = Date.now();
    const before = counted();
    const after = withApproval(before, decision, asked, now, context());
    if (after !== before) {
      approvals = after;
      noteDecision('approved', decision, after.at(-1));
    }
    const quorums = asked.map((each) => ({ each, quorum: quorumOf(after, each, now, context()) }));
    const people = quorums.flatMap(({ quorum }) => quorum.counting.map(({ by }) => by));
    return {
      said: quorums.map(({ each, quorum }) => describeQuorum(quorum, each)).join(' '),
      approvedBy: [...new Set(people)],
      missing: Math.max(...quorums.map(({ quorum }) => quorum.missing)),
    };
  };

  const noteDecision = (kind: AuditRecord['kind'], decision: Decision, given?: GivenApproval): void => {
    const { by, via, comment, head, from, key } = decision;
    const { head: bound = head } = given ?? {};
    // Those that decide come first: the record has no room for all.
    const groups = [...new Set([...(given?.groups ?? []), ...decision.groups])];
    note({
      kind,
      at: Date.now(),
      version: task.version,
      by,
      ...(groups.length === 0 ? {} : { groups }),
      ...(via === undefined ? {} : { via }),
      ...(from === undefined ? {} : { from }),
      ...(bound === undefined ? {} : { head: bound }),
      ...(comment === undefined ? {} : { detail: comment }),
      ...(key === undefined ? {} : { key }),
    });
  };
  const requireVouching = ({ capability }: Decision, verb: 'approve' | 'reject'): void => {
    if (!isVouched() || capability !== undefined) return;
    throw refusal(
      notVouchedFor(commandLine([verb, formatPipelineRef(task.pipeline), task.to, task.version])),
    );
  };

  /** What the API vouches for must name it: Windlass does not know what others wrote. */
  const requireNamedCommit = ({ head }: Decision): void => {
    const { head: current } = context();
    if (!isVouched() || !isOfOthers() || head !== undefined || current === undefined) return;
    throw refusal(
      `The pull request has commits that Windlass did not make: look at them, and approve with --head ${current}.`,
    );
  };

  setHandler(approveUpdate, (input) => approve(read(input)), {
    validator: (input) => {
      const decision = read(input);
      refuseFor(approvalFault(decision, decidable(), Date.now()));
      requireVouching(decision, 'approve');
      requireNamedCommit(decision);
    },
  });
  setHandler(
    rejectUpdate,
    (input) => {
      const decision = read(input);
      const { by, comment, via, capability } = decision;
      if (rejection === undefined) noteDecision('rejected', decision);
      rejectedBy ??= {
        by,
        ...(via === undefined ? {} : { via }),
        ...(capability === undefined ? {} : { capability }),
      };
      rejection ??= { state: 'rejected', by, ...(comment === undefined ? {} : { comment }) };
      return `${task.version} is not promoted into ${task.to}: it is held there until someone promotes it.`;
    },
    {
      validator: (input) => {
        const decision = read(input);
        refuseFor(decisionFault(decision, rejectable()));
        requireVouching(decision, 'reject');
      },
    },
  );

  return {
    get approvals() {
      return approvals;
    },
    get rejection() {
      return rejection;
    },
    get rejectedBy() {
      return rejectedBy;
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
