/** One line of what was decided and what happened. It is in workflow histories: add fields and kinds, remove none. */
import { type Vouching } from '../people/actor';

/** What people decide. */
export const decisionKinds = [
  'promote-requested',
  'rollback-requested',
  'retry-requested',
  'cancel-requested',
  'approved',
  'rejected',
  'gates-overridden',
  'suspended',
  'resumed',
  'frozen',
  'unfrozen',
] as const;

/** What came of it. */
export const outcomeKinds = [
  'reported',
  'proposed',
  'merged',
  'merged-outside-gates',
  'notified',
  'deployed',
  'rolled-back',
  'closed',
  'expired',
  'unchanged',
  'superseded',
  'withdrawn',
  'ignored',
  'failed',
  'quarantined',
  'cancelled',
] as const;

export type RecordKind = (typeof decisionKinds)[number] | (typeof outcomeKinds)[number];

export interface AuditRecord {
  readonly kind: RecordKind;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly version?: string;
  /** The head of the pull request, a commit id. */
  readonly head?: string;
  /** Who; of an outcome, who merged or closed it. */
  readonly by?: string;
  readonly groups?: readonly string[];
  /** Absent: nothing vouches for `by`. */
  readonly via?: Vouching;
  /** The address of the client. */
  readonly from?: string;
  /** The comment, the reason, the page, the failure. */
  readonly detail?: string;
  /** Of `deployed`: when the environment before reported the version, milliseconds since the epoch. Absent: none did. */
  readonly reportedAt?: number;
  /** Of an act: the same act twice has the same key. */
  readonly key?: string;
}
