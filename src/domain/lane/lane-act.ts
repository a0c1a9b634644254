/** What people ask of a lane by the API. It is in workflow histories: add fields as optional ones. */
import { type Actor } from '../people/actor';

/** A person's act on a lane, by the API. */
export interface LaneAct {
  readonly kind: 'promote' | 'rollback' | 'retry' | 'cancel';
  /** Of `promote`, `rollback` and `cancel`. */
  readonly version?: string;
  readonly actor: Actor;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly reason?: string;
  /** 32 hex digits: the same act twice has the same key. */
  readonly key: string;
  /** What the API vouches for: an `ActClaim`. */
  readonly capability?: string;
  /** The environment promoted from, as the Pipeline says. Absent: the one that the lane knows. */
  readonly source?: string;
  /** Of `rollback`: the environment after this one. Its lane promotes nothing that the rollback writes. */
  readonly next?: string;
}

export interface ActAnswer {
  /** A sentence for the person: what happens now. */
  readonly said: string;
  /** Of `retry`: the one that runs again. */
  readonly version?: string;
  /** It was done before, with the same key. */
  readonly repeated?: true;
}

/** A version that a person rolled the source environment back to: reports of it promote nothing. */
export interface NotOnward {
  readonly version: string;
  /** When, milliseconds since the epoch. */
  readonly at: number;
}
