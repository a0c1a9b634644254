/** The number of keys that are reconciled concurrently: each reads a Secret or two from the API server. */
const concurrency = 4;
/** Delays vary by up to this fraction, so that the work spreads out. */
const jitter = 0.2;

/**
 * Reconciles keys when they are enqueued and again after a delay: a few at a time, each key at most once at a time, and
 * again if the key was enqueued in the meantime.
 */
export class WorkQueue {
  readonly #reconcile: (key: string, signal: AbortSignal) => Promise<number | undefined>;
  readonly #stop = new AbortController();
  /** In the order in which they were enqueued. */
  readonly #queued = new Set<string>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #delayed = new Map<string, NodeJS.Timeout>();

  /** @param reconcile returns the milliseconds until the key is due again; undefined: when enqueued. Must not throw */
  constructor(reconcile: (key: string, signal: AbortSignal) => Promise<number | undefined>) {
    this.#reconcile = reconcile;
  }

  enqueue(key: string): void {
    if (this.#stop.signal.aborted) return;
    this.#cancelDelayed(key);
    this.#queued.add(key);
    this.#startDue();
  }

  /** Resolves when nothing is in progress. */
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
    // The timer must not keep the process alive.
    timer.unref();
    this.#delayed.set(key, timer);
  }

  #cancelDelayed(key: string): void {
    clearTimeout(this.#delayed.get(key));
    this.#delayed.delete(key);
  }
}
