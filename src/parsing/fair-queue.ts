/** A queue in which guests take turns: who brings a thousand items delays another's by one. */
export class FairQueue<Item> {
  /** By guest, whose turn is next first; none is empty. */
  readonly #waiting = new Map<string, Item[]>();

  add(guest: string, item: Item): void {
    const own = this.#waiting.get(guest);
    if (own === undefined) this.#waiting.set(guest, [item]);
    else own.push(item);
  }

  /** Takes an item out that is no longer wanted, if it is there. */
  remove(guest: string, item: Item): void {
    const others = this.#waiting.get(guest)?.filter((waiting) => waiting !== item) ?? [];
    if (others.length > 0) this.#waiting.set(guest, others);
    else this.#waiting.delete(guest);
  }

  /** Takes the next item out. @returns undefined: there is none */
  take(): Item | undefined {
    for (const [guest, items] of this.#waiting) {
      const item = items.shift();
      this.#waiting.delete(guest);
      // At the end of the line.
      if (items.length > 0) this.#waiting.set(guest, items);
      return item;
    }
    return undefined;
  }
}
