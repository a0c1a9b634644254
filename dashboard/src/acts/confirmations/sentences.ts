/** Sentences that several confirmations have. */
import { type ClosedGate } from '../../api/answers';
import { type Situation } from '../act';
import { nameOfGate } from '../../gates/closed-gates';

export function nameOf({ environment }: Situation): string {
  return environment?.name ?? '';
}

/** "prod runs 1.4.0 and gets 1.5.0." */
export function change(situation: Situation, version: string): string {
  const { environment } = situation;
  const to = nameOf(situation);
  if (environment?.version !== undefined) return `${to} runs ${environment.version} and gets ${version}.`;
  const versions = [...new Set(environment?.running.map((target) => target.version) ?? [])];
  return versions.length === 0
    ? `${to} gets ${version}. It has not reported what it runs.`
    : `${to} runs ${versions.join(' and ')}, and gets ${version}.`;
}

/**
 * What it waits for once this act is done.
 * @param left the gates that stay closed
 * @param when the others are open, as the beginning of a sentence
 */
export function then(
  { environment }: Situation,
  left: readonly ClosedGate[],
  when = 'After that',
): readonly string[] {
  const pullRequest = environment?.acting?.pullRequest;
  const next =
    environment?.strategy === 'notification'
      ? 'Windlass notifies the receivers of its Alerts'
      : pullRequest === undefined
        ? 'Windlass opens a pull request'
        : `pull request #${pullRequest.number} is ready to merge`;
  const others = left.map(({ gate }) => nameOfGate(gate));
  if (others.length === 0) return [`${when}, ${next}.`];
  return [`${when}, it still waits for: ${others.join(', ')}. Then ${next}.`];
}

export function recorded({ person }: Situation): string {
  return `The record shows ${person}, the time and what you write here.`;
}

/** As Git shortens a commit. */
export function short(head: string): string {
  return head.slice(0, 7);
}
