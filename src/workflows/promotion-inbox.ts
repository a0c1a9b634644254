import { condition, setHandler } from '@temporalio/workflow';
import { type ApprovalSettings } from '../domain/approvals/approval-settings';
import { type PromotionOutcome, type PromotionTask } from '../domain/promotion/promotion';
import { validateApproval } from './approval';
import { type EnvironmentNews } from '../domain/promotion/promotion-news';
import { type PullRequestState } from '../domain/promotion/pull-request-state';
import { type Decisions, openDecisions } from './decisions';
import {
  type Approval,
  environmentSignal,
  promoteUpdate,
  pullRequestSignal,
  reconsiderSignal,
  rejoinSignal,
  supersedeSignal,
  yieldSignal,
} from './contract/messages';

/** The messages that a promotion receives while it runs. */
export interface PromotionInbox {
  /** This version has been approved. */
  readonly approved: boolean;
  readonly approvals: Decisions['approvals'];
  /** Takes the decisions that `gates.approvals` asks for from now on, or (undefined) refuses them. */
  acceptDecisions(settings: ApprovalSettings | undefined): void;
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
  /** How the promotion ends when it was asked to stop. */
  stopped(): PromotionOutcome;
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
  const isStopping = (): boolean => supersededBy !== undefined || yieldAsked;
  const decisions = openDecisions(task, isStopping);
  const stopAsked = (): boolean => isStopping() || decisions.rejection !== undefined;

  setHandler(supersedeSignal, (by) => {
    supersededBy = by;
  });
  setHandler(yieldSignal, () => {
    yieldAsked = true;
  });
  const takeApproval = (approval: Approval): Approval => {
    approved = true;
    return approval;
  };
  setHandler(promoteUpdate, takeApproval, {
    validator: (approval: Approval) =>
      validateApproval(approval, task.version, {
        held: approvalAccepted && !approved && !stopAsked(),
        takesDecisions: decisions.accepted,
      }),
  });
  setHandler(reconsiderSignal, () => {
    reconsider = true;
  });

  setHandler(pullRequestSignal, (state) => {
    pullRequest = state;
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
    get approved() {
      return approved;
    },
    get approvals() {
      return decisions.approvals;
    },
    acceptDecisions: (settings) => decisions.accept(settings),
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
    get pullRequest() {
      return pullRequest;
    },
    get environment() {
      return environment;
    },
    hasQuestion: () => tested || reported || rejoinAsked || reconsider,
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
    waitOrStop: (ms) => condition(stopAsked, ms),
    stopped() {
      const { approvals, rejection } = decisions;
      // Who rejected it was told so.
      if (rejection !== undefined) return rejection;
      if (supersededBy !== undefined) return { state: 'superseded', by: supersededBy };
      return { state: 'yielded', approved, ...(approvals.length === 0 ? {} : { approvals }) };
    },
  };
}
