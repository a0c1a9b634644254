import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './problem';

/** Answers that change if they are asked for again a moment later. */
const passing: readonly ApiProblem['code'][] = ['unreachable', 'unreadable', 'unavailable'];
const mostRetries = 3;

/** @param failures before this one */
export function isWorthRetrying(failures: number, error: Error): boolean {
  return failures < mostRetries && error instanceof ApiProblem && passing.includes(error.code);
}

export function createQueryClient(): QueryClient {
  // Whatever the server refuses because the session has ended: the question who is logged in then finds that out for the page.
  const onError = (error: Error): void => {
    if (!(error instanceof ApiProblem) || error.code !== 'unauthenticated') return;
    const isKnown = client.getQueryState(['me'])?.status === 'success';
    if (isKnown) void client.invalidateQueries({ queryKey: ['me'], exact: true });
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // Events say what has changed; this is for those that were lost.
        staleTime: 30_000,
        retry: isWorthRetrying,
      },
      mutations: { retry: false },
    },
  });
  return client;
}
