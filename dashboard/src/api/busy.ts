/** Requests of which the server answers only a few at once. */
import { ApiProblem } from './problem';
import { isWorthRetrying } from './query-client';

/** Each is answered within 20 s. */
const busyRetryMs = 2_000;
const mostBusyRetries = 30;

export function isBusy(error: Error | null): boolean {
  return error instanceof ApiProblem && error.code === 'too-many-requests';
}

/** Asks again until the others have their answers. */
export const whileBusy = {
  retry: (failures: number, error: Error): boolean =>
    isBusy(error) ? failures < mostBusyRetries : isWorthRetrying(failures, error),
  retryDelay: busyRetryMs,
} as const;
