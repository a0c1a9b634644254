import { ActivityFailure, ApplicationFailure, patched } from '@temporalio/workflow';
import { type ReadyPromotion, type Resolution } from '../activities/promotion-activities';
import { failureCodes, type FailureCode } from '../domain/errors';
import { type ClosedGate } from '../domain/gates/evaluate';
import {
  type PromotionOutcome,
  type PromotionTask,
  type PromotionTimes,
  type PullRequestOpened,
} from '../domain/promotion/promotion';
import { type PromotionStanding } from '../domain/promotion/sentences';
import { type Sentence } from '../domain/rich-text';
import { type ShownState } from '../domain/promotion/states';
import { type FailedAttempt } from './attempt';
import { report, show, showDetails } from './progress';
import { type FailureCount } from './retry';
import { type PromotionStep, recordEnd, recordFailedAttempt, recordStep } from './telemetry';

export type Settling = Extract<PromotionStanding, { settling: true }>;
type Shown = Extract<PromotionStanding, { state: ShownState }>;

/** What people see of one promotion: in Temporal, on the Pipeline where it is watched, in the metrics. */
export interface Progress {
  /** What the Pipeline says now, and so whom to report to and what to count under. */
  resolved(resolution: Resolution): void;
  held(closed: readonly ClosedGate[]): Promise<void>;
  promoting(): void;
  started(): Promise<void>;
  /** Before an attempt after the first: says so where the promotion was held in between. */
  goesOn(): Promise<void>;
  attemptFailed(failure: FailedAttempt): void;
  retrying(failure: FailedAttempt, failures: FailureCount, waitMs: number): void;
  /** The pull request is open. @param again the promotion has continued as new */
  proposed(opened: PullRequestOpened & PromotionTimes, again: boolean): Promise<void>;
  /** While the pull request is open. @param gates what they say */
  testsFailed(gates: readonly Sentence[]): Promise<void>;
  /** The same: after they had failed. */
  testsPassed(opened: PullRequestOpened & PromotionTimes): Promise<void>;
  /** It is merged or notified; the environment has not reported it yet. */
  settling(standing: Settling, again: boolean): Promise<void>;
  /** @returns the outcome that it was given */
  ended(outcome: PromotionOutcome): Promise<PromotionOutcome>;
  failed(error: unknown): Promise<void>;
  cancelled(): Promise<void>;
}

export function openProgress(task: PromotionTask): Progress {
  let ready: ReadyPromotion | undefined;
  let shown: ShownState = 'resolving';
  const held = new Set<ShownState>();
  let lastHeld = '';

  const showNext = (standing: Shown): void => {
    shown = standing.state;
    show(task, standing);
  };
  showNext({ state: 'resolving' });

  const step = (name: PromotionStep, from: number | undefined, to: number | undefined): void => {
    if (from !== undefined && to !== undefined)
      recordStep(ready?.strategy ?? 'none', task.to, name, [from, to]);
  };

  return {
    resolved(resolution) {
      ready = resolution.status === 'ready' ? resolution : undefined;
    },
    async held(closed) {
      const [first] = closed;
      if (first === undefined) return;
      const { shownAs: state } = first;
      const standing = { state, gates: closed.map(({ because }) => because) };
      showDetails(task, standing);
      const before = lastHeld;
      lastHeld = JSON.stringify(closed.map(({ shownAs, until, progress }) => [shownAs, until, progress]));
      if (state === shown) {
        // Without the gates of 0.2, a worker of 0.1 beside this one must be able to continue the promotion.
        const changed = ready !== undefined && hasNewGates(ready) && lastHeld !== before;
        if (changed && patched('report-changed-gates')) await report(ready?.reported, task, standing);
        return;
      }
      // Promotions of 0.1 that were suspended, held and suspended again went on showing that they were held.
      if (held.has(state) && !patched('show-held-again')) return;
      held.add(state);
      showNext(standing);
      await report(ready?.reported, task, standing);
    },
    promoting: () => showNext({ state: 'promoting' }),
    started: () => report(ready?.reported, task, { state: 'started' }),
    async goesOn() {
      if (shown === 'promoting' || shown === 'retrying') return;
      showNext({ state: 'promoting' });
      await report(ready?.reported, task, { state: 'started' });
    },
    attemptFailed({ code }) {
      recordFailedAttempt(ready?.strategy ?? 'none', code);
    },
    retrying({ code, message }, { failedAttempts, threshold }, waitMs) {
      showNext({ state: 'retrying', code, message, failedAttempts, threshold, waitMs });
    },
    async proposed(opened, again) {
      if (again) return;
      showNext(opened);
      step('propose', task.event.at, opened.proposedAt);
      await report(ready?.reported, task, opened);
    },
    async testsFailed(gates) {
      const standing = { state: 'tests-failed', gates } as const;
      showNext(standing);
      await report(ready?.reported, task, standing);
    },
    async testsPassed(opened) {
      if (shown !== 'tests-failed') return;
      showNext(opened);
      await report(ready?.reported, task, opened);
    },
    async settling(standing, again) {
      if (again) return;
      showNext(standing);
      if (standing.state === 'notified') step('propose', task.event.at, standing.notifiedAt);
      else step('merge', standing.proposedAt, standing.mergedAt);
      await report(ready?.reported, task, standing);
    },
    async ended(outcome) {
      showNext(outcome);
      // A promotion that yields starts again at once: that is not an end.
      if (outcome.state === 'yielded') return outcome;
      recordEnd(ready?.strategy ?? 'none', outcome.state);
      if (outcome.state === 'deployed') {
        step('deploy', outcome.mergedAt ?? outcome.notifiedAt, outcome.deployedAt);
      }
      await report(ready?.reported, task, outcome, { ended: true });
      return outcome;
    },
    async failed(error) {
      const { code, message } = failureOf(error);
      const standing: Extract<Shown, { state: 'failed' | 'quarantined' }> =
        code === 'quarantined' ? { state: code, code, message } : { state: 'failed', code, message };
      showNext(standing);
      recordEnd(ready?.strategy ?? 'none', standing.state);
      await report(ready?.reported, task, standing);
    },
    async cancelled() {
      const standing = { state: 'cancelled' } as const;
      showNext(standing);
      await report(ready?.reported, task, standing);
    },
  };
}

/** Gates that a worker of 0.1 does not know. */
function hasNewGates({ approvals, promoteOn, soakMs, windows }: ReadyPromotion): boolean {
  return (approvals ?? promoteOn ?? soakMs ?? windows) !== undefined;
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
