import { type DeploymentEvent } from '../event';

/** The position of a deployment in time, as far as its reporter is trusted. */
export interface OrderKey {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly reporter: string;
  /** Helm's release number; absent if it does not define the order. */
  readonly release?: number;
}

/**
 * The order key of an event. A first install restarts Helm's numbers, and a rollback has an old one: only time counts.
 */
export function orderKeyOf(event: DeploymentEvent): OrderKey {
  const counted = event.release !== undefined && !event.install && event.kind === 'deployed';
  return {
    at: event.at,
    reporter: event.reporter,
    ...(counted ? { release: event.release } : {}),
  };
}

/**
 * Compares by release number for one reporter, otherwise by time.
 * @returns negative if `a` happened before `b`, 0 if the order is unknown
 */
export function compareOrder(a: OrderKey, b: OrderKey): number {
  if (a.reporter === b.reporter && a.release !== undefined && b.release !== undefined) {
    const byRelease = a.release - b.release;
    if (byRelease !== 0) return byRelease;
  }
  return a.at - b.at;
}
