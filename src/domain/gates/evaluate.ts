/** All gates together: which are closed, and when to look again. */
import { type GateAnswer, type GateFacts } from './gate';
import { type GatePolicies, gates } from './registry';

type GateKind = keyof typeof gates;

export type ClosedGate = Extract<GateAnswer, { open: false }> & {
  readonly shownAs: (typeof gates)[GateKind]['shownAs'];
};

/** Every closed gate, not only the first: users want to see all remaining steps. */
export function closedGates(facts: GateFacts, policies: GatePolicies): readonly ClosedGate[] {
  return Object.values(gates).flatMap(({ rule, shownAs }) => {
    const answer = rule(facts, policies);
    return answer.open ? [] : [{ ...answer, shownAs }];
  });
}

/**
 * When to read the Pipeline again, unless a signal reports a change earlier.
 * @param recheckMs how often to look for an edit of the Pipeline
 * @returns milliseconds from `now`; undefined where only a person can open what is closed
 */
export function nextLook(closed: readonly ClosedGate[], now: number, recheckMs: number): number | undefined {
  const waits = closed.flatMap(({ until }) => {
    if (until === 'approval') return [];
    return until === 'pipeline' ? [recheckMs] : [Math.max(until.at - now, 1)];
  });
  return waits.length === 0 ? undefined : Math.min(...waits);
}
