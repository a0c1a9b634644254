import { queryOptions } from '@tanstack/react-query';
import { api } from './client';
import { ApiProblem } from './problem';

/** How old the server's answers are, by its own clock: the reader's may be wrong. */
export interface Freshness {
  /** Milliseconds between the answer and when Temporal was asked last. */
  readonly behindMs: number;
  readonly workers: 'answering' | 'silent' | 'unknown';
  /** Milliseconds between the answer and when a worker answered last, where that is known. */
  readonly workersSilentMs?: number;
}

const everyMs = 15_000;

/** Asked again and again: that nothing changes anymore is what no event says. */
export const freshnessQuery = queryOptions({
  queryKey: ['freshness'],
  queryFn: async ({ signal }): Promise<Freshness> => {
    const { data, response } = await api.GET('/api/v1/pipelines', {
      params: { query: { limit: 1 } },
      signal,
    });
    if (data === undefined) throw ApiProblem.unreadable();
    const answered = Date.parse(response.headers.get('Date') ?? '');
    // Without a date, as new as it can be.
    const since = (at: string): number => Math.max(0, answered - Date.parse(at) || 0);
    const { asOf, workers, workersAt } = data;
    return {
      behindMs: since(asOf),
      workers,
      ...(workersAt === undefined ? {} : { workersSilentMs: since(workersAt) }),
    };
  },
  refetchInterval: everyMs,
});
