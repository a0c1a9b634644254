import { condition, setHandler } from '@temporalio/workflow';
import { type ApprovalSettings } from '../domain/approvals/approval-settings';
import { type GateOverride, type PromotionOutcome, type PromotionTask } from '../domain/promotion/promotion';
import { type GivenApproval } from '../domain/approvals/quorum';
import { requestedVia } from '../domain/approvals/requesters';
import { type Vouching } from '../domain/people/actor';
import { formatPipelineRef } from '../domain/pipeline/pipeline';
import { type RejectedBy } from '../domain/capability/parting';
import { type AuditRecord } from '../domain/record/audit-record';
import { boundedRecord } from '../domain/record/read-records';
import { commandLine } from '../domain/shell';
import { readComment, readGroups } from '../domain/approvals/decision';
import { openOverrides } from './overrides';
import { validateApproval } from './approval';
import { type EnvironmentNews } from '../domain/promotion/promotion-news';
import { type PullRequestState } from '../domain/promotion/pull-request-state';
import { type Decisions, openDecisions } from './decisions';
import {
  type Approval,
  environmentSignal,
  mergeTurnSignal,
  promoteUpdate,
  pullRequestSignal,
  reconsiderSignal,
  rejoinSignal,
  supersedeSignal,
  yieldSignal,
} from './contract/messages';

/** The messages that a promotion receives while it runs. */
export interface PromotionInbox {
  /** Only decisions count that the API vouches for. */
  readonly vouched: boolean;
  requireVouching(needed: boolean): void;
  /** What was decided since the last time, for the lane. */
  takeDecided(): readonly AuditRecord[];
  hasDecided(): boolean;
  /** This version has been approved. */
  readonly approved: boolean;
  readonly manualApproval: GivenApproval | undefined;
  readonly approvals: Decisions['approvals'];
  /** When it was last approved, milliseconds since the epoch. */
  readonly approvedAt: number | undefined;
  /** Takes the decisions that `gates.approvals` asks for from now on; refuses them where nothing is asked. */
  acceptDecisions(settings: readonly ApprovalSettings[]): void;
  /** The gates that people have opened for this promotion. Another list after each. */
  readonly overridden: readonly GateOverride[];
  /** Those since the last time. */
  takeOverrides(): readonly GateOverride[];
  /** Who asked for the promotion, or wrote commits on its branch. */
  readonly requesters: readonly string[];
  /** Through which authenticators they asked. */
  readonly requestedVia: readonly Vouching[];
  /** The head of its pull request, a commit id; undefined while there is none. */
  readonly head: string | undefined;
  /** The last head that Windlass itself made. */
  readonly own: string | undefined;
  /**
   * This is the head now: what was approved counts for it.
   * @param own the one that Windlass made, where others have written commits since
   */
  propose(head: string, own?: string): void;
  /** The promotion should end as soon as no attempt is in progress. */
  stopAsked(): boolean;
  /** Takes approvals from now on, or refuses them. */
  acceptApproval(accepted: boolean): void;
  /** Asks for the promotion's end, so that the lane starts it again with a short history. */
  askToYield(): void;
  /** True once after a signal that the Pipeline was changed. */
  takeReconsideration(): boolean;
  /** Waits so many milliseconds, or until the promotion should stop. */
  waitOrStop(ms: number): Promise<unknown>;
  /** Who has rejected it. */
  readonly rejectedBy: RejectedBy | undefined;
  /** How the promotion ends when it was asked to stop. */
  stopped(): PromotionOutcome;
  /** The promotion may merge its pull request now. */
  readonly hasTurn: boolean;
  endTurn(): void;
  /** The same as if the follower had told it. */
  learn(state: PullRequestState): void;
  /** They are dealt with. */
  forgetConflicts(): void;
  /** The last known state of the pull request. */
  readonly pullRequest: PullRequestState | undefined;
  /** What the environment runs, as far as the lane told it. */
  readonly environment: Exclude<EnvironmentNews, { type: 'tests' }> | undefined;
  /** Of the Helm tests in the source environment. */
  readonly tests: PromotionTask['tests'];
  /** Whether one of the next ones, or `takeReconsideration`, would answer true. */
  hasQuestion(): boolean;
  /** True once after the lane has told the result of tests. */
  takeTestResult(): boolean;
  /** True once after the lane has told that the environment runs the version. */
  takeReport(): boolean;
  /** The lane hears of nothing by itself. */
  readonly rejoined: boolean;
  /** True once after the lane has asked how the promotion stands. */
  takeRejoin(): boolean;
}

/** Takes the promotion's signals and updates from now on, also those that were waiting when it began. */
export function openPromotionInbox(task: PromotionTask, rejoinedBefore = false): PromotionInbox {
  let supersededBy: string | undefined;
  let yieldAsked = false;
  let approved = task.approved ?? false;
  let approvalAccepted = false;
  let reconsider = false;
  let pullRequest: PullRequestState | undefined;
  let environment: PromotionInbox['environment'];
  let { tests } = task;
  let tested = false;
  let rejoined = rejoinedBefore;
  let rejoinAsked = false;
  let reported = false;
  let head: string | undefined;
  let own: string | undefined;
  let turn = false;
  let manuallyApprovedAt: number | undefined;
  let { manualApproval } = task;
  let vouched = false;
  let decided: readonly AuditRecord[] = [];
  const requestedBy = new Set(task.requestedBy);
  let authors: readonly string[] = [];
  const requesters = (): readonly string[] => [...requestedBy, ...authors];
  const viaOfRequesters = (): readonly Vouching[] => requestedVia({ request: task.request, manualApproval });
  const isStopping = (): boolean => supersededBy !== undefined || yieldAsked;
  const note = (record: AuditRecord): void => {
    decided = [...decided, boundedRecord(record)];
  };
  const decisions = openDecisions(task, {
    isStopping,
    context: () => ({ head, requesters: requesters(), requestedVia: viaOfRequesters() }),
    isHeld: () => isHeld(),
    isVouched: () => vouched,
    isOfOthers: () => own !== undefined && head !== own,
    note,
  });
  const isApproved = (): boolean => approved && (!vouched || manualApproval?.capability !== undefined);
  const stopAsked = (): boolean => isStopping() || decisions.rejection !== undefined;
  const isHeld = (): boolean => approvalAccepted && !isApproved() && !stopAsked();

  setHandler(supersedeSignal, (by) => {
    supersededBy = by;
  });
  setHandler(yieldSignal, () => {
    yieldAsked = true;
  });
  const takeApproval = (approval: Approval): Approval => {
    const { version, by, via, capability, from, key } = approval;
    const groups = readGroups(approval.groups ?? []) ?? [];
    const comment = readComment(approval.comment ?? '') ?? '';
    approved = true;
    manuallyApprovedAt = Date.now();
    if (by !== undefined) {
      requestedBy.add(by);
      const vouching = {
        ...(via === undefined ? {} : { via }),
        ...(capability === undefined ? {} : { capability }),
      };
      manualApproval = { by, at: manuallyApprovedAt, ...vouching };
    }
    note({
      kind: 'approved',
      at: manuallyApprovedAt,
      version,
      ...(by === undefined ? {} : { by }),
      ...(groups.length === 0 ? {} : { groups }),
      ...(via === undefined ? {} : { via }),
      ...(from === undefined ? {} : { from }),
      ...(comment === '' ? {} : { detail: comment }),
      ...(key === undefined ? {} : { key }),
    });
    return { version, ...(by === undefined ? {} : { by }), ...(via === undefined ? {} : { via }) };
  };
  setHandler(promoteUpdate, takeApproval, {
    validator: (approval: Approval) =>
      validateApproval(approval, task.version, {
        held: isHeld(),
        takesDecisions: decisions.accepted,
        command: commandLine(['approve', formatPipelineRef(task.pipeline), task.to, task.version]),
        vouched,
      }),
  });
  setHandler(reconsiderSignal, () => {
    reconsider = true;
  });

  const overrides = openOverrides(task, { isStopping: stopAsked, isVouched: () => vouched, note });

  setHandler(pullRequestSignal, (state) => {
    pullRequest = state;
    // Of conflicts the follower says for which head it knew of them; there may be another by now.
    if (state.state !== 'open' || state.conflicts === true) return;
    head = state.head ?? head;
    authors = state.authors ?? authors;
  });
  setHandler(mergeTurnSignal, () => {
    turn = true;
  });
  setHandler(environmentSignal, (news) => {
    if (news.type === 'tests') {
      tests = news.outcome;
      tested = true;
    } else {
      environment = news;
      reported = news.type === 'deployed';
    }
  });
  setHandler(rejoinSignal, () => {
    rejoined = true;
    rejoinAsked = true;
  });

  return {
    get vouched() {
      return vouched;
    },
    requireVouching(needed) {
      vouched = needed;
    },
    takeDecided() {
      const taken = decided;
      decided = [];
      return taken;
    },
    hasDecided: () => decided.length > 0,
    get approved() {
      return isApproved();
    },
    get manualApproval() {
      return manualApproval;
    },
    get approvals() {
      return decisions.approvals;
    },
    get approvedAt() {
      return decisions.approvedAt ?? manuallyApprovedAt;
    },
    acceptDecisions: (settings) => decisions.accept(settings),
    get overridden() {
      return overrides.counting;
    },
    takeOverrides: () => overrides.take(),
    get requesters() {
      return requesters();
    },
    get requestedVia() {
      return viaOfRequesters();
    },
    get head() {
      return head;
    },
    get own() {
      return own;
    },
    propose(made, ownHead = made) {
      head = made;
      own = ownHead;
      decisions.bindTo(made);
    },
    stopAsked,
    acceptApproval(accepted) {
      approvalAccepted = accepted;
    },
    askToYield() {
      yieldAsked = true;
    },
    takeReconsideration() {
      const asked = reconsider;
      reconsider = false;
      return asked;
    },
    get hasTurn() {
      return turn;
    },
    endTurn() {
      turn = false;
    },
    learn(state) {
      pullRequest = state;
    },
    forgetConflicts() {
      if (pullRequest === undefined) return;
      const { conflicts, ...rest } = pullRequest;
      pullRequest = rest;
    },
    get pullRequest() {
      return pullRequest;
    },
    get environment() {
      return environment;
    },
    hasQuestion: () => tested || reported || rejoinAsked || reconsider || overrides.hasNew(),
    get tests() {
      return tests;
    },
    takeTestResult() {
      const told = tested;
      tested = false;
      return told;
    },
    takeReport() {
      const told = reported;
      reported = false;
      return told;
    },
    get rejoined() {
      return rejoined;
    },
    takeRejoin() {
      const asked = rejoinAsked;
      rejoinAsked = false;
      return asked;
    },
    get rejectedBy() {
      return decisions.rejectedBy;
    },
    waitOrStop: (ms) => condition(stopAsked, ms),
    stopped() {
      const { approvals, rejection } = decisions;
      // Who rejected it was told so.
      if (rejection !== undefined) return rejection;
      if (supersededBy !== undefined) return { state: 'superseded', by: supersededBy };
      return {
        state: 'yielded',
        approved,
        ...(manualApproval === undefined ? {} : { manualApproval }),
        ...(approvals.length === 0 ? {} : { approvals }),
        ...(overrides.given.length === 0 ? {} : { overridden: overrides.given }),
      };
    },
  };
}
