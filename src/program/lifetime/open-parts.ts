/** Something that runs until it is closed. */
export interface Part {
  close(): Promise<unknown>;
}

/** Parts of a program in the order in which they were opened; closed the other way round. */
export class OpenParts implements Part {
  readonly #parts: Part[] = [];
  #closed = false;

  /** A part that comes when all is closed already is closed at once. */
  async add<T extends Part>(part: T): Promise<T> {
    if (this.#closed) await part.close();
    else this.#parts.push(part);
    return part;
  }

  /** Closes all, also those behind one that fails. @throws the faults, together */
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
    if (faults.length > 0) throw new AggregateError(faults, 'Not all parts could be closed.');
  }
}
