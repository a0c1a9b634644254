/** Every gate. A gate is a rule in a file called like it, the schema of what a manifest says beside it, and a line here. */
import { type PromotionStanding } from '../promotion/sentences';
import { type Gate } from './gate';
import { approvals, type ApprovalsPolicy } from './approvals';
import { dependsOn, type DependsOnPolicy } from './depends-on';
import { freeze, type FreezePolicy } from './freeze';
import { manual, type ManualPolicy } from './manual';
import { soak, type SoakPolicy } from './soak';
import { suspend, type SuspendPolicy } from './suspend';
import { tests, type TestsPolicy } from './tests';
import { windows, type WindowsPolicy } from './windows';

/** What the Pipeline of today says to each of them. It is in workflow histories: add fields as optional ones. */
export interface GatePolicies
  extends
    ManualPolicy,
    ApprovalsPolicy,
    SuspendPolicy,
    TestsPolicy,
    WindowsPolicy,
    SoakPolicy,
    FreezePolicy,
    DependsOnPolicy {
  /** The gates that a Pipeline can move stand before the merge only. Absent: before the proposal, too. */
  readonly stage?: 'merge';
  /** What the operator's policy asks for besides, each evaluated on its own. */
  readonly minimums?: readonly GatePolicies[];
  /** Of a minimum: the rule's name. */
  readonly rule?: string;
}

interface GateEntry {
  readonly rule: Gate<GatePolicies>;
  /** The state that a promotion shows while this gate is the first closed one. */
  readonly shownAs: Extract<PromotionStanding, { gates: unknown }>['state'];
  /** `gates.stage: merge` lets a promotion be proposed while it is closed. */
  readonly movable?: true;
  /** While it is closed, the promotion's own clock stands still. */
  readonly stopsClock?: true;
  /** A person can open it for one promotion, with a reason. */
  readonly overridable?: true;
  /** It is about versions that are new in the environment: a rollback to one that ran there passes it. */
  readonly forNewVersions?: true;
}

/** In the order in which users see them: what a person must do stands before what only time changes. */
export const gates = {
  suspend: { rule: suspend, shownAs: 'suspended', stopsClock: true },
  freeze: { rule: freeze, shownAs: 'frozen', stopsClock: true, overridable: true, forNewVersions: true },
  tests: {
    rule: tests,
    shownAs: 'waiting-for-tests',
    movable: true,
    overridable: true,
    forNewVersions: true,
  },
  manual: { rule: manual, shownAs: 'waiting-for-approval', overridable: true },
  approvals: { rule: approvals, shownAs: 'waiting-for-approval', movable: true, overridable: true },
  dependsOn: {
    rule: dependsOn,
    shownAs: 'waiting-for-dependency',
    movable: true,
    overridable: true,
    forNewVersions: true,
  },
  soak: { rule: soak, shownAs: 'waiting-for-soak', movable: true, overridable: true, forNewVersions: true },
  windows: {
    rule: windows,
    shownAs: 'waiting-for-window',
    movable: true,
    stopsClock: true,
    overridable: true,
    forNewVersions: true,
  },
} as const satisfies Record<string, GateEntry>;

export type GateName = keyof typeof gates;

/** The names by which a person can open gates. */
export const overridableGates: readonly GateName[] = (Object.keys(gates) as GateName[]).filter(
  (name) => (gates[name] as GateEntry).overridable === true,
);
