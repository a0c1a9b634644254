/** What changed, in order, for those who listen and those who come back. */
import { type StreamEventName } from '../operator/schemas/events';

export interface Change {
  /** Increases; of this process. */
  readonly number: number;
  readonly event: StreamEventName;
  /** As JSON. */
  readonly data: string;
  /** What it is about; absent: for everyone. */
  readonly pipeline?: { readonly namespace: string; readonly name: string };
}

/** A client that was away for longer reads the lists again. */
const mostKept = 2_000;
const mostKeptBytes = 8 * 1024 * 1024;

export class ChangeFeed {
  readonly #kept: Change[] = [];
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #process: string;
  #bytes = 0;
  #number = 0;

  /** @param process tells this process's ids from those of others */
  constructor(process: string) {
    this.#process = process;
  }

  append(event: StreamEventName, data: unknown, pipeline?: Change['pipeline']): void {
    this.#number += 1;
    const change = {
      number: this.#number,
      event,
      data: JSON.stringify(data),
      ...(pipeline === undefined ? {} : { pipeline }),
    };
    this.#kept.push(change);
    this.#bytes += change.data.length;
    while (this.#kept.length > mostKept || (this.#bytes > mostKeptBytes && this.#kept.length > 1)) {
      this.#bytes -= this.#kept.shift()?.data.length ?? 0;
    }
    for (const listener of this.#listeners) listener(change);
  }

  /** The id of an event. @param number 0: before the first one */
  idOf(number: number): string {
    return `${this.#process}-${number}`;
  }

  /** The number of the last change, 0: there was none. */
  get last(): number {
    return this.#number;
  }

  /** @returns undefined: what was missed is not known */
  since(id: string): readonly Change[] | undefined {
    const match = /^(.+)-(\d{1,15})$/.exec(id);
    if (match?.[1] !== this.#process) return undefined;
    const number = Number(match[2]);
    const oldest = this.#kept[0]?.number ?? this.#number + 1;
    if (number > this.#number || number < oldest - 1) return undefined;
    return this.#kept.filter((change) => change.number > number);
  }

  /** @returns to stop listening */
  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
