/** Which approvals of a version count, by what the Pipeline says now. */
import { type ApprovalSettings } from './approval-settings';
import { type Vouching } from '../people/actor';
import { type Decision } from './decision';
import { isOtherLogin, isRequester, type Requesters } from './requesters';

/** A promotion carries these when it starts again, and they are in histories: add fields as optional ones. */
export interface GivenApproval {
  readonly by: string;
  /** Those of the person's groups that the Pipeline named. */
  readonly groups?: readonly string[];
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The head of the pull request that was approved, a commit id; absent: it was given before there was one. */
  readonly head?: string;
  /** What vouches for the name. Absent: the sender of the update. */
  readonly via?: Vouching;
  /** What the API vouches for: a `DecisionClaim`. */
  readonly capability?: string;
}

/** What a promotion knows of itself that decides whose approvals count. */
export interface ApprovalContext extends Requesters {
  /** The head of its pull request, a commit id; absent while there is none. */
  readonly head?: string | undefined;
}

export interface Quorum {
  /** Those that count, oldest first: one for each person. */
  readonly counting: readonly GivenApproval[];
  /** Those that would, had another authenticator not more: one person who logs in in two ways is not two people. */
  readonly apart: readonly GivenApproval[];
  readonly missing: number;
}

export function quorumOf(
  approvals: readonly GivenApproval[],
  settings: ApprovalSettings,
  now: number,
  context: ApprovalContext = {},
): Quorum {
  const { head } = context;
  const valid = approvals.filter(
    (approval) =>
      approval.via !== 'signature' &&
      isNamed(approval, settings) &&
      now < expiryOf(approval, settings) &&
      (head === undefined || approval.head === head) &&
      (settings.allowRequesters === true ||
        !(isRequester(approval.by, context) || isOtherLogin(approval, context))),
  );
  const counting = largest(Map.groupBy(valid, ({ via }) => via));
  const apart = valid.filter((approval) => !counting.includes(approval));
  return { counting, apart, missing: Math.max(0, settings.required - counting.length) };
}

/** Of groups of the same size, the first. */
function largest(groups: ReadonlyMap<unknown, readonly GivenApproval[]>): readonly GivenApproval[] {
  return [...groups.values()].reduce((most, group) => (group.length > most.length ? group : most), []);
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
  { by, groups, via, capability }: Decision,
  asked: readonly ApprovalSettings[],
  now: number,
  context: ApprovalContext = {},
): readonly GivenApproval[] {
  const isOf = (approval: GivenApproval): boolean => approval.by === by && approval.via === via;
  const counts = (settings: ApprovalSettings): boolean => {
    const { counting, apart } = quorumOf(approvals, settings, now, context);
    return [...counting, ...apart].some(isOf);
  };
  if (asked.every(counts)) return approvals;
  const named = groups.filter((group) => asked.some((settings) => settings.groups?.includes(group) === true));
  const given: GivenApproval = {
    by,
    at: now,
    ...(named.length === 0 ? {} : { groups: named }),
    ...(context.head === undefined ? {} : { head: context.head }),
    ...(via === undefined ? {} : { via }),
    ...(capability === undefined ? {} : { capability }),
  };
  return [...approvals.filter((approval) => !isOf(approval)), given];
}

/** Approvals of a version before it had a pull request are for the commit that Windlass then made of it. */
export function boundTo(approvals: readonly GivenApproval[], head: string): readonly GivenApproval[] {
  return approvals.map((approval) => ({ ...approval, head }));
}
