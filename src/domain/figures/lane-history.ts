/**
 * What a lane's records say of its promotions, for figures. docs/figures.md says in words what counts as what: change both.
 */
import { bareVersion } from '../lane/running-versions';
import { type AuditRecord } from '../record/audit-record';
import { type KeptRecords } from '../record/record-list';

/** All times: milliseconds since the epoch. */
export interface ObservedPromotion {
  /** See `bareVersion`. */
  readonly version: string;
  /** Of its first record. */
  readonly at: number;
  /** When the environment before reported it; absent: not recorded, or no environment did. */
  readonly reportedAt?: number;
  /** When all targets ran it. */
  readonly deployedAt?: number;
  /** When its environment went back from it. */
  readonly wentBackAt?: number;
  /** It gave up at least once. */
  readonly failed?: true;
  /** A person asked for it to go back: it is a repair, not a change. */
  readonly rollback?: true;
}

/** From when on an environment was known to be broken until the next deployment. */
export interface Restored {
  readonly from: number;
  readonly to: number;
}

export interface LaneHistory {
  /** Oldest first. */
  readonly promotions: readonly ObservedPromotion[];
  readonly restored: readonly Restored[];
  /** Known to be broken, and nothing was deployed since. */
  readonly brokenSince?: number;
  /** The time of the last record that was dropped. */
  readonly forgotBefore?: number;
}

type Open = { -readonly [Field in keyof ObservedPromotion]: ObservedPromotion[Field] };

/** Reads records in the order in which the lane took them. */
export function laneHistory({ records, forgotBefore }: KeptRecords): LaneHistory {
  const reader = new HistoryReader();
  for (const record of records.toReversed()) reader.take(record);
  const { promotions, restored, broken } = reader;
  return {
    promotions,
    restored,
    ...(broken === undefined ? {} : { brokenSince: broken.since }),
    ...(forgotBefore === undefined ? {} : { forgotBefore }),
  };
}

class HistoryReader {
  readonly promotions: Open[] = [];
  readonly restored: Restored[] = [];
  broken: { readonly since: number; readonly because: 'went-back' | 'asked' } | undefined;
  /** By version: those that have not ended. */
  #open: Open[] = [];
  #merged: Open | undefined;
  /** What the environment runs, as far as it was promoted. */
  #current: Open | undefined;
  /** The version that a person asked to go back to. */
  #askedBack: string | undefined;

  take(record: AuditRecord): void {
    const { kind, at } = record;
    if (record.version === undefined) return;
    const version = bareVersion(record.version);
    switch (kind) {
      case 'rollback-requested':
        this.#askedBack = version;
        this.broken ??= { since: at, because: 'asked' };
        this.#markRollback(version);
        return;
      case 'promote-requested':
        if (this.#isAskedBack(version)) this.#askedBack = undefined;
        return;
      case 'proposed':
        this.#openOf(version, at);
        return;
      case 'merged':
      case 'merged-outside-gates':
      case 'notified':
        this.#settle(this.#openOf(version, at), at);
        return;
      case 'failed':
      case 'quarantined':
        // A retry continues it.
        this.#openOf(version, at).failed = true;
        return;
      case 'deployed':
        this.#deploy(version, record);
        return;
      case 'rolled-back':
        this.#goBack(version, at);
        return;
      case 'closed':
      case 'expired':
      case 'rejected':
      case 'cancelled':
      case 'withdrawn':
      case 'ignored':
      case 'unchanged':
        this.#close(version);
        this.#giveUpGoingBack(version);
        return;
      case 'superseded':
        this.#close(version);
        return;
      default:
    }
  }

  #openOf(version: string, at: number): Open {
    const known = this.#find(version);
    if (known !== undefined) return known;
    const made: Open = { version, at, ...(this.#isAskedBack(version) ? { rollback: true } : {}) };
    this.promotions.push(made);
    this.#open.push(made);
    return made;
  }

  #find(version: string): Open | undefined {
    return this.#open.find((each) => each.version === version);
  }

  #markRollback(version: string): void {
    const known = this.#find(version);
    if (known !== undefined) known.rollback = true;
  }

  /** What was merged before is passed, and is never seen to run. */
  #settle(promotion: Open, at: number): void {
    const passed = this.#merged;
    if (passed !== undefined && passed !== promotion) {
      if (promotion.rollback === true) passed.wentBackAt ??= at;
      this.#leave(passed);
    }
    this.#merged = promotion;
  }

  #deploy(version: string, { at, reportedAt }: AuditRecord): void {
    const before = this.#current;
    const runsAlready =
      before?.wentBackAt === undefined && before !== undefined && before.version === version;
    if (runsAlready) {
      this.#close(version);
    } else {
      const promotion = this.#openOf(version, at);
      this.#leave(promotion);
      promotion.deployedAt = at;
      if (reportedAt !== undefined) promotion.reportedAt = reportedAt;
      if (promotion.rollback === true && before !== undefined) before.wentBackAt ??= at;
      this.#current = promotion;
    }
    if (this.#isAskedBack(version)) this.#askedBack = undefined;
    if (this.broken === undefined) return;
    this.restored.push({ from: Math.min(this.broken.since, at), to: at });
    this.broken = undefined;
  }

  /** Each target reports it: the first one counts. */
  #goBack(version: string, at: number): void {
    const open = this.#find(version);
    const ran = this.#current?.version === version ? this.#current : undefined;
    // What is only proposed does not run yet.
    const gone = open !== undefined && open === this.#merged ? open : ran;
    if (gone !== undefined) {
      gone.wentBackAt ??= at;
      this.#leave(gone);
    }
    this.broken ??= { since: at, because: 'went-back' };
  }

  #close(version: string): void {
    const known = this.#find(version);
    if (known !== undefined) this.#leave(known);
  }

  /** What a person asked for is not done: whether the environment is broken is not known any more. */
  #giveUpGoingBack(version: string): void {
    if (!this.#isAskedBack(version)) return;
    this.#askedBack = undefined;
    if (this.broken?.because === 'asked') this.broken = undefined;
  }

  #leave(promotion: Open): void {
    this.#open = this.#open.filter((each) => each !== promotion);
    if (this.#merged === promotion) this.#merged = undefined;
  }

  #isAskedBack(version: string): boolean {
    return this.#askedBack === version;
  }
}
