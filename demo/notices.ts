/** Events that are kept until a caller waits for them, so that none is missed between two waits. */
export class Notices<T> {
  private readonly kept: T[] = [];
  private readonly waiting: {
    readonly wanted: (notice: T) => boolean;
    readonly resolve: (notice: T) => void;
  }[] = [];

  add(notice: T): void {
    const index = this.waiting.findIndex(({ wanted }) => wanted(notice));
    if (index < 0) this.kept.push(notice);
    else this.waiting.splice(index, 1)[0]?.resolve(notice);
  }

  /** The oldest matching notice that was not taken yet; waits if there is none. */
  async next(wanted: (notice: T) => boolean): Promise<T> {
    const index = this.kept.findIndex(wanted);
    const [kept] = index < 0 ? [] : this.kept.splice(index, 1);
    if (kept !== undefined) return kept;
    return new Promise((resolve) => this.waiting.push({ wanted, resolve }));
  }
}
