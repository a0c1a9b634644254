/** All gates together: which are closed, and when to look again. */
import { type RichText } from '../rich-text';
import { type GateAnswer, type GateFacts } from './gate';
import { type GateName, type GatePolicies, gates } from './registry';

type Closed = Extract<GateAnswer, { open: false }>;

export type ClosedGate = Omit<Closed, 'shownAs' | 'edit'> & {
  readonly name: GateName;
  readonly shownAs: (typeof gates)[GateName]['shownAs'] | NonNullable<Closed['shownAs']>;
};

/** What the gates stand before: the proposal (a pull request or a notification), or the merge of what is proposed. */
export type GateStage = 'proposal' | 'merge';

/** Every closed gate, not only the first: users want to see all remaining steps. */
export function closedGates(
  facts: GateFacts,
  policies: GatePolicies,
  before: GateStage = 'proposal',
): readonly ClosedGate[] {
  const closed = answers(facts, policies, before).flatMap(({ name, shownAs, rule, answer }): ClosedGate[] => {
    if (answer.open) return [];
    const { edit, ...gate } = answer;
    return [{ ...gate, name, shownAs: answer.shownAs ?? shownAs, next: withAsking(gate.next, edit, rule) }];
  });
  // The operator's policy and the Pipeline may ask for the same: then an edit of the Pipeline does not open it.
  return [...new Map(closed.map((gate) => [`${gate.name} ${gate.brief}`, gate])).values()];
}

/** When time may close a gate that is open. @returns milliseconds since the epoch; undefined: never */
export function openUntil(
  facts: GateFacts,
  policies: GatePolicies,
  before: GateStage = 'proposal',
): number | undefined {
  const ends = answers(facts, policies, before).flatMap(({ answer }): number[] =>
    answer.open && answer.until !== undefined ? [answer.until.at] : [],
  );
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/** Whether a closed gate holds up the promotion's own clock. */
export function stopsClock(closed: readonly ClosedGate[]): boolean {
  return closed.some(({ name }) => 'stopsClock' in gates[name]);
}

/** Who edits a Pipeline must know that an edit does not open what a rule of the operator's policy asks for. */
function withAsking(next: RichText, edit: RichText | undefined, rule: string | undefined): RichText {
  if (rule !== undefined)
    return [...next, ' The rule ', { code: rule }, " of the operator's policy asks for it."];
  return edit === undefined ? next : [...next, ' ', ...edit];
}

interface Answered {
  /** Of the operator's policy, if it asks for this. */
  readonly rule: string | undefined;
  readonly name: GateName;
  readonly shownAs: (typeof gates)[GateName]['shownAs'];
  readonly answer: GateAnswer;
}

const nothing: GatePolicies = { manual: false };

function answers(facts: GateFacts, policies: GatePolicies, before: GateStage): readonly Answered[] {
  const { minimums = [], vouched } = policies;
  const all = [policies, ...minimums.map((each) => (vouched === undefined ? each : { ...each, vouched }))];
  const names = (Object.keys(gates) as GateName[]).filter((name) => applies(name, facts));
  return names.flatMap((name) =>
    all.flatMap((policy): Answered[] => {
      const { rule, shownAs } = gates[name];
      const answer = rule(facts, policy);
      if (isLater(name, policy, before, answer)) return [];
      // What holds in any case is no minimum: the Pipeline's policies have it.
      if (policy !== policies && !rule(facts, nothing).open) return [];
      return [{ rule: policy.rule, name, shownAs, answer }];
    }),
  );
}

/** Who may roll back need not wait for what protects an environment from new versions. */
function applies(name: GateName, { task, overridden }: GateFacts): boolean {
  if (overridden?.includes(name) === true) return false;
  return task.request?.kind !== 'rollback' || !('forNewVersions' in gates[name]);
}

/** Failed tests hold a proposal in any case. */
function isLater(name: GateName, { stage }: GatePolicies, before: GateStage, answer: GateAnswer): boolean {
  if (before === 'merge' || stage !== 'merge' || !('movable' in gates[name])) return false;
  return answer.open || answer.shownAs !== 'tests-failed';
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
  closed: readonly Pick<ClosedGate, 'until' | 'progress'>[],
  now: number,
  { pipelineMs, timeMs }: Rechecks,
  end?: number,
): number | undefined {
  const waits = closed.flatMap(({ until, progress }) => {
    if (until === 'approval' || until === 'tests') return [];
    if (until === 'approvals')
      return progress?.changesAt === undefined ? [] : [Math.max(progress.changesAt - now, 1)];
    if (until === 'others') return [timeMs];
    return until === 'pipeline' ? [pipelineMs] : [Math.max(until.at - now, 1), timeMs];
  });
  if (end !== undefined) waits.push(Math.max(end - now, 1));
  return waits.length === 0 ? undefined : Math.min(...waits);
}
