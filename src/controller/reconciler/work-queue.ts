/** How many are evaluated at once: each asks the API server for a Secret or two. */
const concurrency = 4;
/** What is to happen later happens up to this much earlier or later, so that it spreads out. */
const jitter = 0.2;

/**
 * Evaluates what has a key, when asked and again after a while: a few at a time, never one twice at once, and afresh
 * when it is asked for meanwhile.
 */
export class EvaluationQueue {
  readonly #evaluate: (key: string, signal: AbortSignal) => Promise<number | undefined>;
  readonly #stop = new AbortController();
  /** In the order in which they were asked for. */
  readonly #asked = new Set<string>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #later = new Map<string, NodeJS.Timeout>();

  /** @param evaluate gives the milliseconds until it is due again, or undefined: when asked; must not throw */
  constructor(evaluate: (key: string, signal: AbortSignal) => Promise<number | undefined>) {
    this.#evaluate = evaluate;
  }

  ask(key: string): void {
    if (this.#stop.signal.aborted) return;
    this.#forgetLater(key);
    this.#asked.add(key);
    this.#startDue();
  }

  /** Resolves when nothing is under way any more. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#asked.clear();
    for (const key of this.#later.keys()) this.#forgetLater(key);
    await Promise.all(this.#running.values());
  }

  #startDue(): void {
    for (const key of this.#asked) {
      if (this.#running.size >= concurrency) return;
      if (this.#running.has(key)) continue;
      this.#asked.delete(key);
      this.#running.set(key, this.#run(key));
    }
  }

  async #run(key: string): Promise<void> {
    const waitMs = await this.#evaluate(key, this.#stop.signal);
    this.#running.delete(key);
    if (this.#stop.signal.aborted) return;
    if (waitMs !== undefined && !this.#asked.has(key)) this.#askLater(key, waitMs);
    this.#startDue();
  }

  #askLater(key: string, waitMs: number): void {
    const ms = waitMs * (1 - jitter + 2 * jitter * Math.random());
    const timer = setTimeout(() => this.ask(key), ms);
    // Nobody waits for it.
    timer.unref();
    this.#later.set(key, timer);
  }

  #forgetLater(key: string): void {
    clearTimeout(this.#later.get(key));
    this.#later.delete(key);
  }
}
