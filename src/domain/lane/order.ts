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
 * Helm's release numbers of one HelmRelease go up one by one; one that keeps failing burns thousands of them. A jump
 * beyond this is a forgery or another counter: a sender that has the key could block a lane with `.v999999999`.
 */
const plausibleJump = 10_000;

/**
 * For one reporter by release number, where the numbers are plausible; otherwise by time.
 * @returns negative when `a` happened before `b`, 0 when neither is known to be first
 */
export function compareOrder(a: OrderKey, b: OrderKey): number {
  const jump = releaseJump(a, b);
  return jump !== 0 && Math.abs(jump) <= plausibleJump ? jump : a.at - b.at;
}

/** As lanes compared before 0.2: every release number was believed. Kept for the histories of running lanes. */
export function compareOrderByAnyRelease(a: OrderKey, b: OrderKey): number {
  return releaseJump(a, b) || a.at - b.at;
}

function releaseJump(a: OrderKey, b: OrderKey): number {
  const isComparable = a.reporter === b.reporter && a.release !== undefined && b.release !== undefined;
  return isComparable ? (a.release ?? 0) - (b.release ?? 0) : 0;
}
