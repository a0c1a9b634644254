/** What a person can do from a page. */
import { type ClosedGate, type EnvironmentDetails, type PipelineDetails } from '../api/answers';
import { type OverridableGate } from '../gates/closed-gates';

/** A version to choose, and why it is offered. */
export interface Choice {
  readonly version: string;
  readonly note: string;
  /** When it was reported. */
  readonly at?: string;
}

/** `head`: the commit that was looked at, where one is known. */
interface OnVersion {
  readonly version: string;
  readonly head?: string;
}

export type Act =
  | ({ readonly kind: 'approve' } & OnVersion)
  | ({ readonly kind: 'reject' } & OnVersion)
  /** `gates`: those that are closed and can be opened. */
  | { readonly kind: 'override'; readonly version: string; readonly gates: readonly OverridableGate[] }
  | { readonly kind: 'cancel'; readonly version: string }
  | { readonly kind: 'retry'; readonly version: string }
  | { readonly kind: 'promote'; readonly choices: readonly Choice[] }
  | { readonly kind: 'rollback'; readonly choices: readonly Choice[] }
  /** Without an environment in the situation: of the whole Pipeline. */
  | { readonly kind: 'suspend' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'freeze' }
  | { readonly kind: 'unfreeze'; readonly freeze: { readonly namespace: string; readonly name: string } };

/** What the person saw when they opened the dialog: it does not change while it is open. */
export interface Situation {
  readonly pipeline: Pick<PipelineDetails, 'namespace' | 'name' | 'suspended' | 'environments'>;
  /** Absent: the act is about the whole Pipeline. */
  readonly environment?: EnvironmentDetails;
  /** Of what acts in the environment. */
  readonly gates: readonly ClosedGate[];
  /** Whom the record will show. */
  readonly person: string;
}

/** What the person fills in. */
export interface Input {
  /** Of `promote` and `rollback`. */
  readonly version: string;
  readonly reason: string;
  /** Of `override`. */
  readonly gates: readonly OverridableGate[];
  /** Of `freeze`: one of the Pipeline's, or all of them. */
  readonly environments: readonly string[];
  readonly scope: 'pipeline' | 'namespace';
  /** Of `freeze`: in the reader's zone, as the browser's field has it. Empty: until someone ends it. */
  readonly until: string;
}
