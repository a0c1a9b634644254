/** Tells those who listen that the list of freezes has changed, or which of them are in force. */
import { type Freeze, isInForce } from '../domain/freezes/freeze';
import { type PipelineStore } from '../store/pipeline-store';
import { type ChangeFeed } from './change-feed';

export interface FreezeWatchOptions {
  readonly store: Pick<PipelineStore, 'freezes'>;
  readonly changes: Pick<ChangeFeed, 'append'>;
  /** Those with Pipelines. */
  readonly namespaces: () => Iterable<string>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export class FreezeWatch {
  readonly #options: FreezeWatchOptions;
  #known: string | undefined;

  constructor(options: FreezeWatchOptions) {
    this.#options = options;
  }

  /** To be called every few seconds. @throws WindlassError store-unavailable */
  async look(): Promise<void> {
    const { store, changes, namespaces, now } = this.#options;
    const seen = new Set<string>();
    for (const namespace of namespaces()) {
      for (const freeze of await store.freezes(namespace)) seen.add(signatureOf(freeze, now()));
    }
    const known = [...seen].sort().join('\n');
    const before = this.#known;
    this.#known = known;
    // The event says nothing of them: what its listener reads then is what the listener may see.
    if (before !== undefined && before !== known) changes.append('freezes', {});
  }
}

function signatureOf(freeze: Freeze, now: number): string {
  return JSON.stringify([freeze, isInForce(freeze, now)]);
}
