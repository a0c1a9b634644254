import { type Caller } from '../../../access/access';
import { Refusal } from '../refusal';

/** Each asks up to thousands of lanes, and holds what they have recorded. */
const mostAtOnce = 3;

/** One reading of many records at once for each person, and a few for all. */
export class ReadingPlaces {
  readonly #busy = new Set<string>();
  readonly #what: string;

  /** @param what is read: "the record" */
  constructor(what: string) {
    this.#what = what;
  }

  /** @throws Refusal too-many-requests */
  async use<T>({ via, name }: Caller, read: () => Promise<T>): Promise<T> {
    const person = JSON.stringify([via, name]);
    if (this.#busy.has(person)) {
      throw new Refusal('too-many-requests', `You read ${this.#what} already: wait until that has ended.`);
    }
    if (this.#busy.size >= mostAtOnce) {
      throw new Refusal('too-many-requests', `Others read ${this.#what} at the moment: wait some seconds.`);
    }
    this.#busy.add(person);
    try {
      return await read();
    } finally {
      this.#busy.delete(person);
    }
  }
}
