import { type DeploymentEvent } from '../event';

/** Where a deployment stands in time, as far as its reporter can be believed. */
export interface OrderKey {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly reporter: string;
  /** Helm's release number; absent where it says nothing about order. */
  readonly release?: number;
}

/** The order key of an event. A first install restarts Helm's numbers and a rollback names an old one: only time counts. */
export function orderKeyOf(event: DeploymentEvent): OrderKey {
  const counted = event.release !== undefined && !event.install && event.kind === 'deployed';
  return {
    at: event.at,
    reporter: event.reporter,
    ...(counted ? { release: event.release } : {}),
  };
}

/**
 * For one reporter by release number, otherwise by time.
 * @returns negative when `a` happened before `b`, 0 when neither can be told to be first
 */
export function compareOrder(a: OrderKey, b: OrderKey): number {
  if (a.reporter === b.reporter && a.release !== undefined && b.release !== undefined) {
    const byRelease = a.release - b.release;
    if (byRelease !== 0) return byRelease;
  }
  return a.at - b.at;
}
