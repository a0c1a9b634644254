/** Which approvals of a version count, by what the Pipeline says now. */
import { type ApprovalSettings } from './approval-settings';
import { type Decision } from './decision';

/** A promotion carries these when it starts again, and they are in histories: add fields as optional ones. */
export interface GivenApproval {
  readonly by: string;
  /** Those of the person's groups that the Pipeline named. */
  readonly groups?: readonly string[];
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Quorum {
  /** Those that count, oldest first: one for each person. */
  readonly counting: readonly GivenApproval[];
  readonly missing: number;
}

export function quorumOf(
  approvals: readonly GivenApproval[],
  settings: ApprovalSettings,
  now: number,
): Quorum {
  const counting = approvals.filter(
    (approval) => isNamed(approval, settings) && now < expiryOf(approval, settings),
  );
  return { counting, missing: Math.max(0, settings.required - counting.length) };
}

/** Whether this person's approvals count. */
export function isNamed(
  { by, groups = [] }: Pick<GivenApproval, 'by' | 'groups'>,
  { users, groups: named }: ApprovalSettings,
): boolean {
  if (users === undefined && named === undefined) return true;
  return users?.includes(by) === true || groups.some((group) => named?.includes(group) === true);
}

/** @returns milliseconds since the epoch, or Infinity */
export function expiryOf({ at }: GivenApproval, { expiresAfterMs = Infinity }: ApprovalSettings): number {
  return at + expiresAfterMs;
}

/** When too few of these are left. @returns milliseconds since the epoch; undefined: never */
export function quorumUntil({ counting }: Quorum, settings: ApprovalSettings): number | undefined {
  const expiries = counting.map((approval) => expiryOf(approval, settings)).sort((a, b) => b - a);
  return finite(expiries[settings.required - 1]);
}

/** When the first of these no longer counts. @returns milliseconds since the epoch; undefined: never */
export function nextExpiry({ counting }: Quorum, settings: ApprovalSettings): number | undefined {
  return finite(Math.min(...counting.map((approval) => expiryOf(approval, settings))));
}

function finite(at: number | undefined): number | undefined {
  return Number.isFinite(at) ? at : undefined;
}

/**
 * The approvals with this one. A person counts once: an approval that counts stays as it is, so that to send it again
 * changes nothing.
 */
export function withApproval(
  approvals: readonly GivenApproval[],
  { by, groups }: Decision,
  settings: ApprovalSettings,
  now: number,
): readonly GivenApproval[] {
  if (quorumOf(approvals, settings, now).counting.some((approval) => approval.by === by)) return approvals;
  const named = groups.filter((group) => settings.groups?.includes(group) === true);
  const given: GivenApproval = { by, at: now, ...(named.length === 0 ? {} : { groups: named }) };
  return [...approvals.filter((approval) => approval.by !== by), given];
}
