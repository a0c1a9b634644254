/** After a failure, callers do not wait for the next one. */
const afterFailureMs = 5_000;

/** What a service answered last, for all callers: it is asked once at a time, however many there are. */
export class KeptAnswer<T> {
  readonly #ask: () => Promise<T>;
  readonly #now: () => number;
  #kept: { readonly answer: T; readonly at: number } | undefined;
  #asking: Promise<T> | undefined;
  #failed: { readonly error: unknown; readonly at: number } | undefined;

  /** @param now a monotonic clock in milliseconds */
  constructor(ask: () => Promise<T>, now: () => number) {
    this.#ask = ask;
    this.#now = now;
  }

  /** @throws what `ask` throws, or threw in the last five seconds */
  async notOlderThan(ms: number): Promise<T> {
    const now = this.#now();
    if (this.#kept !== undefined && now - this.#kept.at < ms) return this.#kept.answer;
    if (this.#failed !== undefined && now - this.#failed.at < afterFailureMs) throw this.#failed.error;
    this.#asking ??= this.#asked().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #asked(): Promise<T> {
    try {
      const answer = await this.#ask();
      this.#kept = { answer, at: this.#now() };
      this.#failed = undefined;
      return answer;
    } catch (error) {
      this.#failed = { error, at: this.#now() };
      throw error;
    }
  }
}
