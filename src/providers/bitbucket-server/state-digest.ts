/** What was seen of pull requests, small enough for a workflow's history: `number:digest,...`. */
import { createHash } from 'node:crypto';
import { type PullRequestState } from '../../domain/promotion/pull-request-state';

/** Of base64: 48 bits. */
const digestLength = 8;

export function digestOf(states: readonly PullRequestState[]): string {
  return [...states]
    .sort((left, right) => left.number - right.number)
    .map((state) => `${state.number}:${digest(state)}`)
    .join(',');
}

/** The states that are not the ones in `seen`, which `digestOf` returned; all of them where it is anything else. */
export function changedSince(
  seen: string | undefined,
  states: readonly PullRequestState[],
): readonly PullRequestState[] {
  const before = new Set(seen?.split(','));
  return states.filter((state) => !before.has(`${state.number}:${digest(state)}`));
}

function digest({ state, head = '', at = 0 }: PullRequestState): string {
  const text = `${state} ${head} ${at}`;
  return createHash('sha256').update(text).digest('base64url').slice(0, digestLength);
}
