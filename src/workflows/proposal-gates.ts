/** The gates of a promotion whose pull request is open: evaluated again and again, and shown on it. */
import { isCancellation, log, patched, proxyActivities } from '@temporalio/workflow';
import {
  type PromotionActivities,
  type ProposalGates,
  type ShownProposal,
} from '../activities/promotion-activities';
import { type ClosedGate, closedGates, nextLook, openUntil, stopsClock } from '../domain/gates/evaluate';
import { approvalsAsked } from '../domain/approvals/approvals-asked';
import { type GatePolicies } from '../domain/gates/registry';
import { type PromotionTimes, type PullRequestOpened } from '../domain/promotion/promotion';
import { describeStanding } from '../domain/promotion/sentences';
import { type Sentence } from '../domain/rich-text';
import { earliest, gateFacts, type Passing, slowRecheck, withDecisions } from './gates';

const { tellGates } = proxyActivities<PromotionActivities>({
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '10 minutes',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '5 seconds', maximumInterval: '1 minute' },
});

/** The service may ask to wait for longer than an attempt lasts. */
const tellAgainMs = 5 * 60_000;

/** A signal says when the Pipeline was edited; this is for a signal that was lost. */
const rechecks = { pipelineMs: slowRecheck.longestMs, timeMs: slowRecheck.longestMs };

type Proposed = PullRequestOpened & PromotionTimes;

export interface GateLook {
  readonly closed: readonly ClosedGate[];
  /** When to look again, in milliseconds from now; undefined: when something happens. */
  readonly lookMs: number | undefined;
  /** When time may close a gate, in milliseconds since the epoch. */
  readonly until: number | undefined;
}

export interface ProposalWatch {
  /** What the pull request shows now. */
  shown(): ProposalGates;
  /**
   * Evaluates the gates, and says so wherever it changed.
   * @param whenClosed before it is said anywhere that a gate is closed
   */
  look(policies: GatePolicies, proposed: Proposed, whenClosed: () => Promise<void>): Promise<GateLook>;
  /** Those that were closed at that time, for that head. */
  closedAt(policies: GatePolicies, at: number, head: string | undefined): readonly ClosedGate[];
}

/** What to show on a pull request that is about to be opened. */
export function gatesToShow({ task, inbox }: Passing, policies: GatePolicies): ProposalGates {
  const closed = closedGates(gateFacts(task, inbox), policies, 'merge');
  const { approvals, dependsOn, minimums, promoteOn, soakMs, windows } = policies;
  const matter = (approvals ?? dependsOn ?? minimums ?? promoteOn ?? soakMs ?? windows) !== undefined;
  const [first] = closed;
  if (first === undefined) return { matter };
  return { matter, closed: describeStanding(task, { state: first.shownAs, gates: closed }) };
}

/** @param shown what the pull request shows already; undefined: nothing is known of it */
export function watchProposal(passing: Passing, shown: ProposalGates | undefined): ProposalWatch {
  const { task, inbox, progress, clock } = passing;
  let told = shown === undefined ? undefined : keyOf(shown.closed, inbox.head);
  let says = shown?.closed;
  // A comment that was written once is kept up to date.
  let commented = shown?.closed !== undefined || shown?.commented === true;

  const tell = async (proposed: Proposed, closed: Sentence | undefined): Promise<void> => {
    const { repository, number } = proposed;
    const key = keyOf(closed, inbox.head);
    if (key === told || repository === undefined) return;
    told = key;
    says = closed;
    commented ||= closed !== undefined;
    try {
      await tellGates(repository, number, closed, !commented, shownProposal(passing, proposed, closed));
    } catch (error) {
      if (isCancellation(error)) throw error;
      log.warn('the gates could not be shown on the pull request', { error: String(error) });
      // A check that stays pending would keep people from merging, with all gates open.
      if (patched('tell-gates-again')) told = undefined;
    }
  };

  return {
    shown: () => ({
      matter: shown?.matter ?? false,
      ...(says === undefined ? {} : { closed: says }),
      ...(commented ? { commented } : {}),
    }),
    async look(policies, proposed, whenClosed) {
      inbox.requireVouching(policies.vouched === true);
      const closed = closedGates(gateFacts(task, inbox), policies, 'merge');
      inbox.acceptDecisions(closed.length > 0 ? approvalsAsked(policies) : []);
      clock.stand(stopsClock(closed));
      const [first] = closed;
      if (first !== undefined) await whenClosed();
      if (first === undefined) await progress.reopened(proposed);
      else await progress.held(closed, proposed);
      await tell(proposed, first && describeStanding(task, { state: first.shownAs, gates: closed }));
      const until = openUntil(gateFacts(task, inbox), policies, 'merge');
      const lookMs = nextLook(closed, Date.now(), rechecks, until);
      const isTold = told !== undefined || proposed.repository === undefined;
      return { closed, until, lookMs: isTold ? lookMs : earliest(lookMs, tellAgainMs) };
    },
    closedAt: (policies, at, head) =>
      closedGates({ ...gateFacts(task, inbox), now: at, head }, policies, 'merge'),
  };
}

/** With the decisions only where the check succeeds: it changes often while they come in, and histories are bounded. */
function shownProposal(
  { task, inbox }: Passing,
  { base, capability }: Proposed,
  closed: Sentence | undefined,
): ShownProposal {
  const { pipeline, from, to } = task;
  const { head } = inbox;
  const proposed = capability === undefined ? {} : { proposed: capability };
  return {
    hop: { pipeline, from, to },
    ...(base === undefined ? {} : { base }),
    ...(closed === undefined ? { task: { ...withDecisions(task, inbox), ...proposed } } : {}),
    ...(closed === undefined && head !== undefined ? { head } : {}),
  };
}

function keyOf(closed: Sentence | undefined, head: string | undefined): string {
  return JSON.stringify([closed, head]);
}
