/** What every gate is: a pure rule that says whether a promotion may act yet and, if not, until when and why. */
import { type ApprovalContext, type GivenApproval } from '../approvals/quorum';
import { type PromotionTask } from '../promotion/promotion';
import { type RichText } from '../rich-text';

/** What a promotion knows by itself. What a rule wants to know of the Pipeline is its policy. */
export interface GateFacts extends ApprovalContext {
  readonly task: Pick<PromotionTask, 'action' | 'version' | 'from' | 'to' | 'pipeline' | 'request'> & {
    readonly event: Pick<PromotionTask['event'], 'at'>;
  };
  /** The promotion's, for sending it a signal or an update. */
  readonly workflowId: string;
  /** A person has approved this version. */
  readonly approved: boolean;
  /** Of this version. Whether they count is the rule's to say. */
  readonly approvals: readonly GivenApproval[];
  /** Of the Helm tests of this version in the source environment, as far as they were reported. */
  readonly tests?: 'passed' | 'failed' | undefined;
  /** Gates that a person has opened for this promotion, by their names in the registry. */
  readonly overridden?: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What a closed gate says: a few words for a list of all that a promotion waits for, and what a person can do about it. */
export interface GateText {
  /** "1 of 2 approvals" */
  readonly brief: string;
  readonly next: RichText;
}

/**
 * What can change a closed gate's answer: the approval of a manual promotion, approvals that count, the result of tests,
 * an edit of the Pipeline, other pipelines, or time (milliseconds since the epoch).
 */
export type GateChange = 'approval' | 'approvals' | 'tests' | 'pipeline' | 'others' | { readonly at: number };

export type GateAnswer =
  | {
      readonly open: true;
      /** When time may close it. */
      readonly until?: { readonly at: number };
    }
  | (GateText & {
      readonly open: false;
      readonly until: GateChange;
      /** Where another state than the gate's own says it better. */
      readonly shownAs?: 'tests-failed';
      /** How people who edit the Pipeline open it, where it is the Pipeline that asks for it. */
      readonly edit?: RichText;
      /** Of approvals: people whose approval adds nothing, because they asked for the promotion or have approved it. */
      readonly excluded?: readonly string[];
      /** What changes while it stays closed. */
      readonly progress?: {
        readonly standing: string;
        /** When time changes it, in milliseconds since the epoch. */
        readonly changesAt?: number;
      };
    });

export type Gate<Policy> = (facts: GateFacts, policy: Policy) => GateAnswer;
