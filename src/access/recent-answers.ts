import { LRUCache } from 'lru-cache';

export interface RecentAnswersOptions<T> {
  /** How many are kept; those not asked for the longest leave first. */
  readonly max: number;
  /** For how many milliseconds an answer is kept. */
  readonly keptMs: (answer: T) => number;
  /** A monotonic clock in milliseconds. */
  readonly now?: () => number;
}

/** Keeps answers for a short while. Who asks the same at the same time waits for one answer. A failure is not kept. */
export class RecentAnswers<T> {
  readonly #answers: LRUCache<string, { readonly answer: T }, () => Promise<T>>;

  constructor({ max, keptMs, now = () => performance.now() }: RecentAnswersOptions<T>) {
    this.#answers = new LRUCache({
      max,
      // Each answer has its own, which `fetchMethod` sets.
      ttl: 1,
      ttlResolution: 0,
      perf: { now },
      // An answer that has left meanwhile is still the answer.
      ignoreFetchAbort: true,
      fetchMethod: async (_key, _stale, { options, context: ask }) => {
        const answer = await ask();
        options.ttl = keptMs(answer);
        return { answer };
      },
    });
  }

  /** @param key names the question; nothing secret in clear text */
  async get(key: string, ask: () => Promise<T>): Promise<T> {
    const kept = await this.#answers.fetch(key, { context: ask });
    return kept === undefined ? ask() : kept.answer;
  }
}
