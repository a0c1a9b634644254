/** Every gate. A gate is a rule in a file called like it, the schema of what a manifest says beside it, and a line here. */
import { type PromotionStanding } from '../promotion/sentences';
import { type Gate } from './gate';
import { approvals, type ApprovalsPolicy } from './approvals';
import { manual, type ManualPolicy } from './manual';
import { soak, type SoakPolicy } from './soak';
import { suspend, type SuspendPolicy } from './suspend';
import { tests, type TestsPolicy } from './tests';
import { windows, type WindowsPolicy } from './windows';

/** What the Pipeline of today says to each of them. It is in workflow histories: add fields as optional ones. */
export interface GatePolicies
  extends ManualPolicy, ApprovalsPolicy, SuspendPolicy, TestsPolicy, WindowsPolicy, SoakPolicy {}

interface GateEntry {
  readonly rule: Gate<GatePolicies>;
  /** The state that a promotion shows while this gate is the first closed one. */
  readonly shownAs: Extract<PromotionStanding, { gates: unknown }>['state'];
}

/** In the order in which users see them: what a person must do stands before what only time changes. */
export const gates = {
  suspend: { rule: suspend, shownAs: 'suspended' },
  tests: { rule: tests, shownAs: 'waiting-for-tests' },
  manual: { rule: manual, shownAs: 'waiting-for-approval' },
  approvals: { rule: approvals, shownAs: 'waiting-for-approval' },
  soak: { rule: soak, shownAs: 'waiting-for-soak' },
  windows: { rule: windows, shownAs: 'waiting-for-window' },
} as const satisfies Record<string, GateEntry>;
