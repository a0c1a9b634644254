/** What a promotion and its lane tell each other after the start. These types are in workflow histories: add fields as optional ones. */
import { type MissingApproval } from '../approvals/missing-approval';
import { type AuditRecord } from '../record/audit-record';
import { type PromotionEnd, type PromotionTask } from './promotion';
import { type ShownState } from './states';

/** Which promotion of a lane. */
export interface PromotionKey extends Pick<PromotionTask, 'action' | 'version'> {
  /** Of its event. */
  readonly identity: string;
}

/** From a promotion to its lane. Times are milliseconds since the epoch. */
export type PromotionNews =
  | { readonly stage: 'proposed'; readonly url: string; readonly number: number; readonly at: number }
  /** What it waits for, as a sentence; absent: nothing any more. */
  | {
      readonly stage: 'waits';
      readonly sentence?: string;
      readonly state?: ShownState;
      /** Present: people can move it on. */
      readonly approval?: MissingApproval;
      readonly at: number;
    }
  /** What people decided on it since the last news. */
  | { readonly stage: 'decided'; readonly records: readonly AuditRecord[]; readonly at: number }
  /** Nothing is left to do but to see it run: the lane is free. */
  | {
      readonly stage: 'merged';
      readonly at: number;
      /** Who merged it, where the provider says so. */
      readonly by?: string;
      /** What its closed gates said. */
      readonly outsideGates?: readonly string[];
    }
  | { readonly stage: 'notified'; readonly at: number }
  | { readonly stage: 'ended'; readonly end: PromotionEnd; readonly at: number };

/** From a lane to a promotion: what environments report of its version. */
export type EnvironmentNews =
  /** Of the Helm tests in the source environment, before the merge. */
  | { readonly type: 'tests'; readonly outcome: 'passed' | 'failed' }
  /** All targets of the environment run its version, since `at`. */
  | { readonly type: 'deployed'; readonly at: number }
  /** A target went back to the version `to`. */
  | { readonly type: 'rolled-back'; readonly to: string; readonly at: number }
  /** A newer version was merged. */
  | { readonly type: 'passed-by'; readonly version: string };

export function keyOf({ action, version, event }: PromotionTask): PromotionKey {
  return { action, version, identity: event.identity };
}

export function isFor(key: PromotionKey, task: PromotionTask): boolean {
  return key.action === task.action && key.version === task.version && key.identity === task.event.identity;
}
