/** One sentence for every lane: what its environment waits for, the same wherever it is shown. */
import { readableTime } from '../readable-time';
import { type LaneOutcome } from './lane-outcome';
import { type LaneState, type LaneTask, type Settling } from './lane-state';

/** How many versions are named; the others are counted. */
const namedLimit = 3;

/** @returns a sentence without a full stop: "prod waits for 1.5.0: 1 of 2 approvals, window opens Mon 09:00 CET" */
export function laneSentence(state: LaneState): string {
  const { settling, environment, queue = [], held = [] } = state;
  const [main, isAboutSettling = false] = mainClause(state);
  const clauses = [main];
  if (settling !== undefined && !isAboutSettling)
    clauses.push(`${environment} has not reported ${acted(settling)}`);
  if (queue.length > 0) clauses.push(`in the queue: ${named(queue)}`);
  if (held.length > 0) clauses.push(`held: ${named(held)}`);
  return clauses.join('; ');
}

function mainClause(state: LaneState): [clause: string, isAboutSettling?: true] {
  const { environment, inHand, waiting, lastFailed, settling, queue = [], outcomes } = state;
  if (inHand !== undefined) return [inProgress(state, inHand)];
  const next = waiting ?? queue[0];
  if (next !== undefined) return [`${waitsFor(environment, next)}: it starts now`];
  if (lastFailed !== undefined) return [failed(state, lastFailed)];
  if (settling !== undefined) {
    return [`${environment} waits for its report of ${acted(settling)}`, true];
  }
  const [last] = outcomes;
  return [
    last === undefined ? `${environment}: nothing waits` : `${environment}: nothing waits, ${ended(last)}`,
  ];
}

function inProgress(state: LaneState, inHand: LaneTask): string {
  const { environment, waiting, waits, proposal } = state;
  if (waiting !== undefined) {
    return `${waitsFor(environment, waiting)}: ${taskName(inHand)} stops first`;
  }
  if (waits !== undefined) return waits;
  if (proposal === undefined) return `${waitsFor(environment, inHand)}: in progress`;
  const since = readableTime(proposal.at);
  return `${environment} waits for the merge of ${inHand.version}: pull request #${proposal.number} is open since ${since}`;
}

function waitsFor(environment: string, task: LaneTask): string {
  return `${environment} waits for ${taskName(task)}`;
}

function taskName({ action, version }: LaneTask): string {
  return action === 'promote' ? version : `the withdrawal of ${version}`;
}

function acted({ task, stage, at }: Settling): string {
  return `${task.version}, ${stage} at ${readableTime(at)}`;
}

function failed({ environment, outcomes }: LaneState, task: LaneTask): string {
  const end = outcomes.find(
    ({ version, state, action = 'promote' }) =>
      version === task.version && action === task.action && (state === 'failed' || state === 'cancelled'),
  );
  const because = end?.state === 'cancelled' ? 'cancelled by an operator' : (end?.code ?? 'it failed');
  const what =
    task.action === 'promote'
      ? `${environment} did not get ${task.version}`
      : `${task.version} was not withdrawn from ${environment}`;
  return `${what}: ${because}; run it again with windlass retry`;
}

/** "the last one was 1.4.0: closed by bob at 2026-11-23 12:00 UTC" */
function ended({ version, state, by, detail, to, endedAt }: LaneOutcome): string {
  const how: Partial<Record<LaneOutcome['state'], string>> = {
    'pull-request': 'proposed',
    'rolled-back': to === undefined ? 'rolled back' : `rolled back to ${to}`,
    unchanged: 'in Git before',
    superseded: `superseded ${detail ?? ''}`.trimEnd(),
    rejected: detail === undefined ? 'rejected' : `rejected by ${detail}`,
    ignored: 'no longer promoted',
  };
  // Of a deployment, the lane knows who merged it.
  const who = by === undefined ? '' : state === 'deployed' ? `, merged by ${by},` : ` by ${by}`;
  return `the last one was ${version}: ${how[state] ?? state}${who} at ${readableTime(endedAt)}`;
}

function named(versions: readonly { readonly version: string }[]): string {
  const names = versions.slice(0, namedLimit).map(({ version }) => version);
  const more = versions.length - names.length;
  return names.join(', ') + (more === 0 ? '' : ` and ${more} more`);
}
