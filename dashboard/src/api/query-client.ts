import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './problem';

/** Answers that change if they are asked for again a moment later. */
const passing: readonly ApiProblem['code'][] = ['unreachable', 'unreadable', 'unavailable'];
const mostRetries = 3;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // Events say what has changed; this is for those that were lost.
        staleTime: 30_000,
        retry: (failures, error) =>
          failures < mostRetries && error instanceof ApiProblem && passing.includes(error.code),
      },
      mutations: { retry: false },
    },
  });
}
