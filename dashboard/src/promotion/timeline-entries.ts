/** The timeline of a promotion in words, with the time between its entries: pure. */
import { type PromotionDetails } from '../api/answers';
import { describeState } from '../components/promotion-state';

export interface TimelineEntry {
  readonly words: string;
  readonly at: string;
  readonly by?: string;
  readonly detail?: string;
  /** Milliseconds since the entry before it. */
  readonly tookMs?: number;
}

/** Steps that are not states of a promotion, or that say what happened, not what is waited for. */
const decisions: Readonly<Record<string, string>> = {
  reported: 'Reported',
  approved: 'Approved',
  rejected: 'Rejected',
  'gates-overridden': 'Gates opened',
  verified: 'Verified',
  'tests-failed': 'Tests failed',
  'pull-request': 'Pull request opened',
  resolving: 'Read the Pipeline',
  'waiting-for-approval': 'Waits for approval',
};

export function describeStep(step: string): string {
  return Object.hasOwn(decisions, step) ? (decisions[step] ?? step) : describeState(step).words;
}

export function timelineEntries(timeline: PromotionDetails['timeline']): TimelineEntry[] {
  return timeline.map(({ step, at, by, detail }, index) => {
    const before = timeline[index - 1];
    return {
      words: describeStep(step),
      at,
      // A request by a person has no object that reported it.
      ...(by === undefined || by === '' ? {} : { by }),
      ...(detail === undefined ? {} : { detail }),
      ...(before === undefined ? {} : { tookMs: Date.parse(at) - Date.parse(before.at) }),
    };
  });
}

type Attempt = PromotionDetails['attempts'][number];

const attemptWords: Readonly<Record<string, string>> = {
  done: 'Done',
  failed: 'Failed',
  lost: 'Lost: its worker ended, or did not answer in time',
  cancelled: 'Cancelled',
  'in-progress': 'In progress',
};

export function describeAttempt({ outcome, reason, code }: Attempt): string {
  const words = Object.hasOwn(attemptWords, outcome) ? (attemptWords[outcome] ?? outcome) : outcome;
  if (reason === undefined && code === undefined) return words;
  return `${words}: ${reason ?? code ?? ''}`;
}
