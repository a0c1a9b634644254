import { ActivityFailure, ApplicationFailure, log, patched, setHandler } from '@temporalio/workflow';
import { type ReadyPromotion, type Resolution } from '../activities/promotion-activities';
import { failureCodes, type FailureCode } from '../domain/errors';
import { type ClosedGate } from '../domain/gates/evaluate';
import { briefApproval, missingApproval } from '../domain/approvals/missing-approval';
import { shownGate } from '../domain/gates/shown-gate';
import {
  type GateOverride,
  type PromotionOutcome,
  type PromotionTask,
  type PromotionTimes,
  type PullRequestOpened,
} from '../domain/promotion/promotion';
import { describeStanding, type PromotionStanding, waitSentence } from '../domain/promotion/sentences';
import { type GateText } from '../domain/gates/gate';
import { plainSentence } from '../domain/rich-text';
import { type ShownState } from '../domain/promotion/states';
import { type FailedAttempt } from './attempt';
import { closedGatesQuery } from './contract/messages';
import { tellLane } from './lane-link';
import { report, show, showDetails } from './progress';
import { type PromotionNotices } from './promotion-notices';
import { type FailureCount } from './retry';
import {
  type PromotionStep,
  recordDeployed,
  recordEnd,
  recordFailedAttempt,
  recordMergeOutsideGates,
  recordOverride,
  recordStep,
} from './telemetry';
import { traceState } from './tracing';

export type Settling = Extract<PromotionStanding, { settling: true }>;
type Shown = Extract<PromotionStanding, { state: ShownState }>;
type Held = Extract<PromotionStanding, { gates: readonly GateText[] }>;

/** What people see of one promotion: in Temporal, on the Pipeline where it is watched, in the metrics. */
export interface Progress {
  /** What the Pipeline says now, and so whom to report to and what to count under. */
  resolved(resolution: Resolution): void;
  /** @param pullRequest that is open meanwhile */
  held(closed: readonly ClosedGate[], pullRequest?: PullRequestOpened & PromotionTimes): Promise<void>;
  /** A person has opened gates. */
  overridden(override: GateOverride): Promise<void>;
  promoting(): void;
  started(): Promise<void>;
  /** Before an attempt after the first: says so where the promotion was held in between. */
  goesOn(): Promise<void>;
  attemptFailed(failure: FailedAttempt): void;
  retrying(failure: FailedAttempt, failures: FailureCount, waitMs: number): Promise<void>;
  /** The pull request is open. @param again the promotion has continued as new */
  proposed(opened: PullRequestOpened & PromotionTimes, again: boolean): Promise<void>;
  /** The gates of an open pull request were closed, and are open again. */
  reopened(opened: PullRequestOpened & PromotionTimes): Promise<void>;
  /** It is merged or notified; the environment has not reported it yet. */
  settling(standing: Settling, again: boolean): Promise<void>;
  /** @returns the outcome that it was given */
  ended(outcome: PromotionOutcome): Promise<PromotionOutcome>;
  failed(error: unknown): Promise<void>;
  cancelled(): Promise<void>;
}

export function openProgress(task: PromotionTask, notices: PromotionNotices): Progress {
  let ready: ReadyPromotion | undefined;
  let shown: ShownState = 'resolving';
  const held = new Set<ShownState>();
  let lastHeld = '';
  /** What the lane knows. */
  let toldState: ShownState | undefined;
  /** Whether branch protection requires the check of its pull request. */
  let enforced: boolean | undefined;
  let closedNow: readonly ClosedGate[] = [];
  setHandler(closedGatesQuery, () => closedNow.map(shownGate));

  const showNext = (standing: Shown): void => {
    shown = standing.state;
    if (!('gates' in standing)) closedNow = [];
    show(task, standing);
    traceState(task, standing);
  };
  showNext({ state: 'resolving' });

  const tell = (standing: Parameters<typeof report>[2], ended?: true): Promise<void> =>
    report(ready?.reported, task, standing, {
      ...(ended === undefined ? {} : { ended }),
      ...(enforced === undefined ? {} : { enforced }),
    });
  const tellWait = async (standing: Held | undefined): Promise<void> => {
    if (task.followed !== true || !patched('tell-what-is-waited-for')) return;
    const sentence = standing === undefined ? {} : { sentence: waitSentence(task, standing.gates) };
    const missing = missingApproval(closedNow.map(shownGate));
    const approval =
      standing === undefined || missing === undefined ? {} : { approval: briefApproval(missing) };
    toldState = standing?.state ?? shown;
    await tellLane(task, { stage: 'waits', ...sentence, state: toldState, ...approval, at: Date.now() });
  };
  /** What the lane shows is not what it waited for before. A promotion that was never held tells nothing. */
  const tellState = async (state: ShownState): Promise<void> => {
    if (task.followed !== true || state === (toldState ?? 'promoting') || !patched('tell-state')) return;
    toldState = state;
    await tellLane(task, { stage: 'waits', state, at: Date.now() });
  };
  const step = (name: PromotionStep, from: number | undefined, to: number | undefined): void => {
    if (from !== undefined && to !== undefined)
      recordStep(ready?.strategy ?? 'none', task.to, name, [from, to]);
  };

  return {
    resolved(resolution) {
      ready = resolution.status === 'ready' ? resolution : undefined;
      if (ready !== undefined) notices.resolved(ready);
    },
    async held(closed, pullRequest) {
      closedNow = closed;
      const [first] = closed;
      if (first === undefined) return;
      const { shownAs: state } = first;
      const standing: Held = {
        state,
        gates: closed.map(({ brief, next }) => ({ brief, next })),
        ...(pullRequest === undefined ? {} : { pullRequest }),
      };
      showDetails(task, standing);
      await notices.held(closed, pullRequest);
      await notices.reached(standing);
      const before = lastHeld;
      lastHeld = JSON.stringify(closed.map(({ shownAs, until, progress }) => [shownAs, until, progress]));
      if (state === shown) {
        // Without the gates of 0.2, a worker of 0.1 beside this one must be able to continue the promotion.
        const changed = ready !== undefined && hasNewGates(ready) && lastHeld !== before;
        if (changed && patched('report-changed-gates')) await tell(standing);
        if (lastHeld !== before) await tellWait(standing);
        return;
      }
      // Promotions of 0.1 that were suspended, held and suspended again went on showing that they were held.
      if (pullRequest === undefined && held.has(state) && !patched('show-held-again')) return;
      held.add(state);
      showNext(standing);
      await tell(standing);
      await tellWait(standing);
    },
    async overridden({ gates, by, reason }) {
      const standing = { state: 'overridden', gates, by, reason } as const;
      await notices.reached(standing);
      log.warn(plainSentence(describeStanding(task, standing)), { gates, by });
      recordOverride(gates);
      // It says again what it waits for now.
      lastHeld = '';
      await tell(standing);
    },
    promoting: () => showNext({ state: 'promoting' }),
    async started() {
      await tell({ state: 'started' });
      await tellState('promoting');
    },
    async goesOn() {
      closedNow = [];
      if (shown === 'promoting' || shown === 'retrying') return;
      showNext({ state: 'promoting' });
      await tell({ state: 'started' });
      await tellState('promoting');
    },
    attemptFailed({ code }) {
      recordFailedAttempt(ready?.strategy ?? 'none', code);
    },
    async retrying({ code, message }, { failedAttempts, threshold }, waitMs) {
      showNext({ state: 'retrying', code, message, failedAttempts, threshold, waitMs });
      await tellState('retrying');
    },
    async proposed(opened, again) {
      enforced = opened.enforced;
      if (again) return;
      showNext(opened);
      step('propose', task.event.at, opened.proposedAt);
      await notices.reached(opened);
      await tell(opened);
    },
    async reopened(opened) {
      closedNow = [];
      if (shown === 'pull-request') return;
      lastHeld = '';
      showNext(opened);
      await tell(opened);
      await tellWait(undefined);
    },
    async settling(standing, again) {
      if (again) return;
      showNext(standing);
      if (standing.state === 'notified') step('propose', task.event.at, standing.notifiedAt);
      else step('merge', standing.proposedAt, standing.mergedAt);
      if (standing.state === 'merged-outside-gates') recordMergeOutsideGates();
      await notices.reached(standing);
      await tell(standing);
    },
    async ended(outcome) {
      showNext(outcome);
      // A promotion that yields starts again at once: that is not an end.
      if (outcome.state === 'yielded') return outcome;
      recordEnd(ready?.strategy ?? 'none', outcome.state);
      if (outcome.state === 'deployed') {
        step('deploy', outcome.mergedAt ?? outcome.notifiedAt, outcome.deployedAt);
        // What a person asked for, such as a rollback, has no event of its own.
        if (task.request === undefined && outcome.deployedAt !== undefined) {
          recordDeployed(ready?.strategy ?? 'none', task.to, [task.event.at, outcome.deployedAt]);
        }
      }
      // Its merge was a state of its own.
      if (outcome.state !== 'merged') await notices.reached(outcome);
      await tell(outcome, true);
      return outcome;
    },
    async failed(error) {
      const { code, message } = failureOf(error);
      const standing: Extract<Shown, { state: 'failed' | 'quarantined' }> =
        code === 'quarantined' ? { state: code, code, message } : { state: 'failed', code, message };
      showNext(standing);
      recordEnd(ready?.strategy ?? 'none', standing.state);
      await notices.reached(standing);
      await tell(standing);
    },
    async cancelled() {
      const standing = { state: 'cancelled' } as const;
      showNext(standing);
      await tell(standing);
    },
  };
}

/** Gates that a worker of 0.1 does not know. */
function hasNewGates(ready: ReadyPromotion): boolean {
  const { approvals, promoteOn, soakMs, windows, freezes, dependsOn, minimums } = ready;
  return (approvals ?? promoteOn ?? soakMs ?? windows ?? freezes ?? dependsOn ?? minimums) !== undefined;
}

/** Of what ends a promotion, as `src/workflows/retry.ts` throws it, or of a Pipeline that cannot be read at all. */
function failureOf(error: unknown): { readonly code: FailureCode | 'unknown'; readonly message: string } {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const type = cause instanceof ApplicationFailure ? cause.type : undefined;
  return {
    code: (Object.keys(failureCodes) as FailureCode[]).find((known) => known === type) ?? 'unknown',
    message: cause instanceof Error ? cause.message : String(cause),
  };
}
