/** What a lane knows, as plain data that is kept in histories: `schema` says how to read it. */
import { type DroppedEvent } from './dropped-event';
import { type LaneOutcome } from './lane-outcome';
import { type OrderKey } from './order';
import { type MissingApproval } from '../approvals/missing-approval';
import { type PipelineRef } from '../pipeline/pipeline';
import { type PromotionTask } from '../promotion/promotion';
import { type ShownState } from '../promotion/states';
import { type ReportedVersion } from '../version/reported-version';
import { type NotOnward } from './lane-act';
import { type AuditRecord } from '../record/audit-record';

/** A promotion to start: `again` after a failure or a pause, although its id was used before. */
export type StartMode = 'new' | 'again';

export interface LaneTask extends PromotionTask {
  readonly start: StartMode;
}

/** The last report of a reporter. */
export interface Report extends OrderKey {
  readonly version: string;
  /** The object's `namespace/name`; absent in what the first builds kept. */
  readonly object?: string;
  /** Of what a target runs: Helm went back to it. */
  readonly rolledBack?: true;
}

export interface LaneState {
  readonly schema: 1;
  readonly pipeline: PipelineRef;
  readonly environment: string;
  /** Identities of the handled events, oldest first. */
  readonly recent: readonly string[];
  /** One for each reporter, least recent first. */
  readonly reports: readonly Report[];
  /** The version that the lane decided to promote last. */
  readonly newest?: Report;
  readonly inHand?: LaneTask;
  /** Goes before what is queued. */
  readonly waiting?: LaneTask;
  /** Wait behind `inHand` and `waiting`, oldest first, because of `gates.supersede: queue`. */
  readonly queue?: readonly LaneTask[];
  readonly lastFailed?: LaneTask;
  /** Newest first. */
  readonly outcomes: readonly LaneOutcome[];
  /** Newest first. */
  readonly dropped?: readonly DroppedEvent[];
  /** What `inHand` waits for, as a sentence without a full stop. */
  readonly waits?: string;
  /** What `inHand` waits for needs a person, as it said last. */
  readonly approval?: MissingApproval;
  /** The open pull request of `inHand`. */
  readonly proposal?: Proposal;
  /** Merged or notified, and not seen to run yet. */
  readonly settling?: Settling;
  /** The last one that was seen to run, unless a newer one was merged or notified since, or the environment went back. */
  readonly deployed?: LaneTask;
  /** Passed by a newer one while they settled, and about to end. */
  readonly passedBy?: readonly LaneTask[];
  /** Not promoted without a request. Newest first. */
  readonly held?: readonly HeldVersion[];
  /** What the targets of this environment run, as they reported it; least recent first. */
  readonly running?: readonly Report[];
  /** Of the Helm tests in the environment that the lane promotes from; least recent first. */
  readonly tests?: readonly TestResult[];
  /** How many targets the environment has, as its last event says. */
  readonly targets?: number;
  /** The lane has seen how its pull requests end. */
  readonly remembers?: true;
  /** What was decided and what happened, newest first: see `src/domain/record`. */
  readonly records?: readonly AuditRecord[];
  /** The time of the last record that was dropped, milliseconds since the epoch. Absent: none was. */
  readonly forgotBefore?: number;
  /** Versions that the environment has run, newest first: those that it can be rolled back to. */
  readonly ran?: readonly RanVersion[];
  /** What a person rolled the source environment back to: not promoted onward. Newest first. */
  readonly notOnward?: readonly HeldBack[];
  /** Keys of the acts that were done, oldest first. */
  readonly acts?: readonly string[];
  /** The lane has seen what the API or the webhook vouches for: from then on, requests need that while workers have the key. */
  readonly vouched?: true;
  /** The state that the promotion in progress shows. */
  readonly shown?: ShownState;
}

/** A version that the environment has run, as the lane promotes it where it did. */
export interface RanVersion extends ReportedVersion {
  /** When it was last reported, milliseconds since the epoch. */
  readonly at: number;
}

export interface HeldBack extends NotOnward {
  /** The newest version that the lane had decided to promote by then. */
  readonly newest?: string;
}

/** The last one of a target for a version. */
export interface TestResult {
  readonly version: string;
  readonly reporter: string;
  readonly passed: boolean;
  /** What the webhook vouches for: a `FactClaim`. */
  readonly capability?: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Settling {
  readonly task: LaneTask;
  readonly stage: 'merged' | 'notified';
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Proposal {
  readonly url: string;
  readonly number: number;
  /** Since when, milliseconds since the epoch. */
  readonly at: number;
}

/** A version that people decided against in this environment. */
export interface HeldVersion {
  readonly version: string;
  readonly because: 'closed' | 'rejected' | 'rolled-back';
  /** The pull request's page. */
  readonly url?: string;
  readonly by?: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** To promote it on request. */
  readonly task?: LaneTask;
  /** A person rolled the environment back below it: older versions do not come back by themselves, either. */
  readonly keptBelow?: true;
}

export function emptyLane(pipeline: PipelineRef, environment: string): LaneState {
  return { schema: 1, pipeline, environment, recent: [], reports: [], outcomes: [] };
}
