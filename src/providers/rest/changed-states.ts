/** What changed since the last look, for services that cannot be asked for it. */
import { createHash } from 'node:crypto';
import { type PullRequestState } from '../../domain/promotion/pull-request-state';
import { type PullRequestChanges } from '../port';

/**
 * What changed is known to a sixteenth: a digest of each pull request would grow with their number, and the tag is in a
 * workflow's history.
 */
const shares = 16;
/** Of base64: 48 bits. */
const digestLength = 8;

/**
 * The states that may have changed, with those whose numbers share a digest.
 * @param states of all pull requests that are asked for
 * @param tag of the look before; anything else: all of them
 */
export function changedStates(states: readonly PullRequestState[], tag = ''): PullRequestChanges {
  const digests = Array.from({ length: shares }, (_, share) =>
    digestOf(states.filter(({ number }) => number % shares === share)),
  );
  const changed = ({ number }: PullRequestState): boolean => {
    const from = (number % shares) * digestLength;
    return tag.slice(from, from + digestLength) !== digests[number % shares];
  };
  return { seen: { tag: digests.join('') }, states: states.filter(changed) };
}

function digestOf(states: readonly PullRequestState[]): string {
  const facts = [...states]
    .sort((left, right) => left.number - right.number)
    .map(({ number, state, head = '', at = 0 }) => [number, state, head, at]);
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url').slice(0, digestLength);
}
