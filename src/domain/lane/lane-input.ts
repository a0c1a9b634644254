import { type EnvironmentFact } from '../environment-fact';
import { type DeploymentEvent } from '../event';
import { type PromotionEnd } from '../promotion/promotion';
import { type PromotionKey, type PromotionNews } from '../promotion/promotion-news';
import { type AuditRecord } from '../record/audit-record';
import { type LaneAct, type NotOnward } from './lane-act';

/** What comes in for a lane. Times are milliseconds since the epoch; a `traceparent` is of the request that brought it. */
export type LaneInput =
  | { readonly type: 'event'; readonly event: DeploymentEvent; readonly traceparent?: string }
  | { readonly type: 'ended'; readonly end: PromotionEnd; readonly now: number }
  /** The operator asks to run the last failed promotion again, by Temporal. */
  | { readonly type: 'retry'; readonly at?: number }
  /** A followed promotion tells how it stands. */
  | { readonly type: 'news'; readonly of: PromotionKey; readonly news: PromotionNews }
  | { readonly type: 'fact'; readonly fact: EnvironmentFact; readonly traceparent?: string }
  /** Someone asks for a version that is held, by Temporal. */
  | { readonly type: 'promote'; readonly version: string; readonly by?: string; readonly at?: number }
  /** Someone acts by the API. */
  | { readonly type: 'act'; readonly act: LaneAct; readonly traceparent?: string }
  /** Something that was decided elsewhere about the environment. */
  | { readonly type: 'records'; readonly records: readonly AuditRecord[] }
  /** Someone rolled the source environment back. */
  | { readonly type: 'not-onward'; readonly to: NotOnward };
