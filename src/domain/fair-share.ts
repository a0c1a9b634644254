/** One part of what is shared. */
export interface Holding {
  /** Asks for so much more. @returns false: there is no room, and this holding is released */
  grow(amount: number): boolean;
  /** Gives all of it back; harmless when done twice. */
  release(): void;
}

interface Held extends Holding {
  readonly key: string;
  readonly giveWay: (askingKey: string) => boolean;
  amount: number;
}

/**
 * A quantity that many hold at once, such as bytes or connections, never more than `limit` of it. Where it runs out, the
 * key that holds the most gives way, its oldest holding first: who asks for little is served while another asks for all.
 */
export class FairShare {
  readonly #limit: number;
  /** By key, oldest first. */
  readonly #held = new Map<string, Set<Held>>();
  readonly #amounts = new Map<string, number>();
  #total = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How much is held now. */
  get total(): number {
    return this.#total;
  }

  /**
   * Begins a holding of nothing yet.
   * @param giveWay lets go of what is held, at once, for the key that asks; false: it does not, another has to
   */
  open(key: string, giveWay: (askingKey: string) => boolean): Holding {
    const held: Held = {
      key,
      giveWay,
      amount: 0,
      grow: (amount) => this.#grow(held, amount),
      release: () => this.#release(held),
    };
    const ofKey = this.#held.get(key) ?? new Set();
    this.#held.set(key, ofKey.add(held));
    return held;
  }

  #grow(held: Held, amount: number): boolean {
    while (this.#total + amount > this.#limit) {
      if (!this.#makeRoom(held, amount)) {
        this.#release(held);
        return false;
      }
    }
    held.amount += amount;
    this.#add(held.key, amount);
    return true;
  }

  /** Never takes from those that hold less than the one who asks. */
  #makeRoom(asking: Held, amount: number): boolean {
    const weight = (key: string): number => (this.#amounts.get(key) ?? 0) + (key === asking.key ? amount : 0);
    const least = weight(asking.key);
    const heaviest = [...this.#amounts.keys()]
      .filter((key) => weight(key) >= least)
      .sort((a, b) => weight(b) - weight(a));
    for (const key of heaviest) {
      for (const held of this.#held.get(key) ?? []) {
        if (held === asking) return false;
        if (held.amount === 0 || !held.giveWay(asking.key)) continue;
        this.#release(held);
        return true;
      }
    }
    return false;
  }

  #release(held: Held): void {
    const ofKey = this.#held.get(held.key);
    if (ofKey?.delete(held) !== true) return;
    if (ofKey.size === 0) this.#held.delete(held.key);
    this.#add(held.key, -held.amount);
    held.amount = 0;
  }

  #add(key: string, amount: number): void {
    this.#total += amount;
    const now = (this.#amounts.get(key) ?? 0) + amount;
    if (now === 0) this.#amounts.delete(key);
    else this.#amounts.set(key, now);
  }
}
