/** All gates together: which are closed, and when to look again. */
import { type GateAnswer, type GateFacts } from './gate';
import { type GatePolicies, gates } from './registry';

type GateKind = keyof typeof gates;

type Closed = Extract<GateAnswer, { open: false }>;

export type ClosedGate = Omit<Closed, 'shownAs'> & {
  readonly shownAs: (typeof gates)[GateKind]['shownAs'] | NonNullable<Closed['shownAs']>;
};

/** Every closed gate, not only the first: users want to see all remaining steps. */
export function closedGates(facts: GateFacts, policies: GatePolicies): readonly ClosedGate[] {
  return Object.values(gates).flatMap(({ rule, shownAs }) => {
    const answer: GateAnswer = rule(facts, policies);
    return answer.open ? [] : [{ ...answer, shownAs: answer.shownAs ?? shownAs }];
  });
}

/** When time may close a gate that is open. @returns milliseconds since the epoch; undefined: never */
export function openUntil(facts: GateFacts, policies: GatePolicies): number | undefined {
  const ends = Object.values(gates).flatMap(({ rule }): number[] => {
    const answer: GateAnswer = rule(facts, policies);
    return answer.open && answer.until !== undefined ? [answer.until.at] : [];
  });
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/** How often to look for an edit of the Pipeline, in milliseconds. */
export interface Rechecks {
  /** Where only an edit opens a gate. */
  readonly pipelineMs: number;
  /** Where time opens it as well. */
  readonly timeMs: number;
}

/**
 * When to read the Pipeline again, unless a signal reports a change earlier.
 * @param end when time may close a gate that is open, as `openUntil` says
 * @returns milliseconds from `now`; undefined where only a person or a test can change what is closed
 */
export function nextLook(
  closed: readonly ClosedGate[],
  now: number,
  { pipelineMs, timeMs }: Rechecks,
  end?: number,
): number | undefined {
  const waits = closed.flatMap(({ until, progress }) => {
    if (until === 'approval' || until === 'tests') return [];
    if (until === 'approvals')
      return progress?.changesAt === undefined ? [] : [Math.max(progress.changesAt - now, 1)];
    return until === 'pipeline' ? [pipelineMs] : [Math.max(until.at - now, 1), timeMs];
  });
  if (end !== undefined) waits.push(Math.max(end - now, 1));
  return waits.length === 0 ? undefined : Math.min(...waits);
}
