import { type Lapsed, type Spent } from './allowances';
import { type Permits } from './pace';
import { type RateWindow } from './rate-window';
import { type Turn } from './turns';

interface Lease extends Permits {
  readonly grantedAt: number;
  readonly until: number;
}

/** Plain data. Times are milliseconds since the epoch. */
export interface BudgetState {
  readonly schema: 1;
  /** Absent: no answer has told one yet. */
  readonly window?: RateWindow;
  /** The service answers without figures. */
  readonly silent?: true;
  readonly stoppedUntil: number;
  /** By worker. */
  readonly leases: Readonly<Record<string, Lease>>;
  /** Of this window. The limits that no header tells have them in `spent`. */
  readonly lapsed: readonly Lapsed[];
  /** For the limits that no header tells. */
  readonly spent: readonly Spent[];
  /** What was granted to visits, and what they spent of it; the older, the less it counts. */
  readonly usual: { readonly granted: Permits; readonly spent: Permits };
  /** The visits that got nothing, first come first. */
  readonly turns: readonly Turn[];
}

export const emptyBudget: BudgetState = {
  schema: 1,
  stoppedUntil: 0,
  leases: {},
  lapsed: [],
  spent: [],
  usual: { granted: { requests: 8, changes: 3 }, spent: { requests: 6, changes: 2 } },
  turns: [],
};
