import { type Caller } from '../../../access/access';
import { Refusal } from '../refusal';

/** Each asks up to thousands of lanes, and holds up to 10,000 records. */
const mostAtOnce = 3;

/** One audit at once for each person, and a few for all. */
export class AuditPlaces {
  readonly #busy = new Set<string>();

  /** @throws Refusal too-many-requests */
  async use<T>({ via, name }: Caller, audit: () => Promise<T>): Promise<T> {
    const person = JSON.stringify([via, name]);
    if (this.#busy.has(person)) {
      throw new Refusal('too-many-requests', 'You read the record already: wait until that has ended.');
    }
    if (this.#busy.size >= mostAtOnce) {
      throw new Refusal('too-many-requests', 'Others read the record at the moment: wait some seconds.');
    }
    this.#busy.add(person);
    try {
      return await audit();
    } finally {
      this.#busy.delete(person);
    }
  }
}
