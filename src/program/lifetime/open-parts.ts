/** Something that runs until it is closed. */
export interface Part {
  close(): Promise<unknown>;
}

/** The parts of a program in the order in which they were opened; closed in reverse order. */
export class OpenParts implements Part {
  readonly #parts: Part[] = [];
  #closed = false;

  /** Adds a part; closes it immediately if the others are already closed. */
  async add<T extends Part>(part: T): Promise<T> {
    if (this.#closed) await part.close();
    else this.#parts.push(part);
    return part;
  }

  /** Closes all parts, even if one fails. @throws the errors, together */
  async close(): Promise<void> {
    this.#closed = true;
    const faults: unknown[] = [];
    for (let part = this.#parts.pop(); part !== undefined; part = this.#parts.pop()) {
      try {
        await part.close();
      } catch (error) {
        faults.push(error);
      }
    }
    if (faults.length > 0) throw new AggregateError(faults, 'Some parts could not be closed.');
  }
}
