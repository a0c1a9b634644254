import { type ReadyPromotion } from '../activities/promotion-activities';

/** A promotion whose gates are open. */
export interface OpenGates extends ReadyPromotion {
  /** Time may close them then, in milliseconds since the epoch. */
  readonly openUntil?: number;
}
