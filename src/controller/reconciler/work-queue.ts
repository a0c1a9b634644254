/** How many are evaluated at once: each asks the API server for a Secret or two. */
const concurrency = 4;
/** What is to happen later happens up to this much earlier or later, so that it spreads out. */
const jitter = 0.2;

/**
 * Reconciles what has a key, when asked and again after a while: a few at a time, never one twice at once, and afresh
 * when it is asked for meanwhile.
 */
export class WorkQueue {
  readonly #reconcile: (key: string, signal: AbortSignal) => Promise<number | undefined>;
  readonly #stop = new AbortController();
  /** In the order in which they were asked for. */
  readonly #queued = new Set<string>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #delayed = new Map<string, NodeJS.Timeout>();

  /** @param reconcile gives the milliseconds until it is due again, or undefined: when asked; must not throw */
  constructor(reconcile: (key: string, signal: AbortSignal) => Promise<number | undefined>) {
    this.#reconcile = reconcile;
  }

  enqueue(key: string): void {
    if (this.#stop.signal.aborted) return;
    this.#cancelDelayed(key);
    this.#queued.add(key);
    this.#startDue();
  }

  /** Resolves when nothing is under way any more. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#queued.clear();
    for (const key of this.#delayed.keys()) this.#cancelDelayed(key);
    await Promise.all(this.#running.values());
  }

  #startDue(): void {
    for (const key of this.#queued) {
      if (this.#running.size >= concurrency) return;
      if (this.#running.has(key)) continue;
      this.#queued.delete(key);
      this.#running.set(key, this.#run(key));
    }
  }

  async #run(key: string): Promise<void> {
    const waitMs = await this.#reconcile(key, this.#stop.signal);
    this.#running.delete(key);
    if (this.#stop.signal.aborted) return;
    if (waitMs !== undefined && !this.#queued.has(key)) this.#enqueueDelayed(key, waitMs);
    this.#startDue();
  }

  #enqueueDelayed(key: string, waitMs: number): void {
    const ms = waitMs * (1 - jitter + 2 * jitter * Math.random());
    const timer = setTimeout(() => this.enqueue(key), ms);
    // Nobody waits for it.
    timer.unref();
    this.#delayed.set(key, timer);
  }

  #cancelDelayed(key: string): void {
    clearTimeout(this.#delayed.get(key));
    this.#delayed.delete(key);
  }
}
