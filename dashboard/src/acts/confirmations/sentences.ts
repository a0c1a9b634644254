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

/** What it waits for once this act is done. */
export function then({ environment, gates }: Situation, left: readonly ClosedGate[]): string[] {
  const pullRequest = environment?.acting?.pullRequest;
  const next =
    environment?.strategy === 'notification'
      ? 'Windlass notifies the receivers of its Alerts'
      : pullRequest === undefined
        ? 'Windlass opens a pull request'
        : `pull request #${pullRequest.number} is ready to merge`;
  const others = left.map(({ gate }) => nameOfGate(gate));
  if (others.length > 0) return [`It then still waits for: ${others.join(', ')}. After that, ${next}.`];
  const asksForSeveral = gates.some(({ gate }) => gate === 'approvals');
  return [asksForSeveral ? `Once there are enough approvals, ${next}.` : `After that, ${next}.`];
}

export function recorded({ person }: Situation): string {
  return `The record shows ${person}, the time and what you write here.`;
}

/** As Git shortens a commit. */
export function short(head: string): string {
  return head.slice(0, 7);
}
