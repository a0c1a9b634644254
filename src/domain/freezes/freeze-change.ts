import { type Freeze } from './freeze';

/** A Freeze that appeared, changed or disappeared while it was watched. */
export interface FreezeChange {
  /** Absent: it appeared. */
  readonly before?: Freeze;
  /** Absent: it disappeared. */
  readonly now?: Freeze;
  /** Of the object in Kubernetes: another one with the same name has another. */
  readonly uid?: string;
}
