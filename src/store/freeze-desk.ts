/** Freezes that people make by the API: beside those that come from Git, and never in place of them. */
import { type Freeze } from '../domain/freezes/freeze';
import { type Actor } from '../domain/people/actor';
import { type PipelineRef } from '../domain/pipeline/pipeline';

export interface ListedFreeze extends Freeze {
  /** The API made it, and can end it. */
  readonly ours: boolean;
}

/** With `suspends`, it selects one Pipeline by name, and all of its environments or one: see `suspension`. */
export interface AskedFreeze extends Omit<Freeze, 'name' | 'author' | 'endedBy' | 'endedRequest'> {
  /** The same request twice makes one freeze: 32 hex digits. */
  readonly key: string;
}

/** A freeze that cannot be made like that. `message` is a sentence for the person who asked for it. */
export class FreezeRefused extends Error {
  override readonly name = 'FreezeRefused';
}

export interface FreezeDesk {
  /** Also those that have ended, as long as they are kept. @throws WindlassError store-unavailable */
  list(): Promise<readonly ListedFreeze[]>;
  /** @returns `repeated`: it was made before. @throws FreezeRefused, WindlassError store-unavailable */
  freeze(asked: AskedFreeze, actor: Actor): Promise<{ readonly name: string; readonly repeated: boolean }>;
  /**
   * Ends one now; it is kept for the record.
   * @param key of the request, to find it again in `endedRequest`
   * @returns `unknown`: there is none; `not-ours`: it comes from Git, where it must be removed; `ended`: it had ended
   */
  unfreeze(
    freeze: PipelineRef,
    actor: Actor,
    key?: string,
  ): Promise<'done' | 'unknown' | 'not-ours' | 'ended'>;
  /** The suspension of a Pipeline (`environment` absent: of all environments) that is in force. */
  suspension(pipeline: PipelineRef, environment?: string): Promise<ListedFreeze | undefined>;
}

/** What keeps the desk's freezes in order, beside requests. */
export interface KeptFreezeDesk extends FreezeDesk {
  /** Deletes those that ended long ago, a few at a time. Logs what stops it. */
  removeOutdated(): Promise<void>;
  close(): Promise<void>;
}
