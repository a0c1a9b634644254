import { type EnvironmentNews } from '../promotion/promotion-news';
import { type DroppedEvent } from './dropped-event';
import { type ActAnswer, type NotOnward } from './lane-act';
import { type LaneState, type LaneTask } from './lane-state';
import { type LaterRollback } from './later-rollback';

/** What one input of a lane leads to. */
export interface LaneStep {
  readonly state: LaneState;
  /** The message for the promotion in progress: it is superseded, and by which version. */
  readonly supersede?: string;
  /** The event of the input, where it is not promoted. */
  readonly dropped?: DroppedEvent;
  /** What was queued, and is not promoted either. */
  readonly leftQueue?: readonly DroppedEvent[];
  /** What promotions must know of their environment. */
  readonly tell?: readonly { readonly task: LaneTask; readonly news: EnvironmentNews }[];
  /** The environment went back from what a promotion that has ended brought to it. */
  readonly laterRollback?: LaterRollback;
  /** To the person who acted. */
  readonly answer?: ActAnswer | Refused;
  /** The promotion that is cancelled. */
  readonly cancel?: LaneTask;
  /** For the lane into the environment after this one. */
  readonly notOnward?: { readonly environment: string; readonly to: NotOnward };
}

/** Why nothing was done, as a sentence. */
export interface Refused {
  readonly refused: string;
}
