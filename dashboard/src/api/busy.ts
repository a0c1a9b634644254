/** Requests of which the server answers only a few at once. */
import { ApiProblem } from './problem';
import { passing } from './query-client';

/** Each is answered within 20 s. */
const busyRetryMs = 2_000;
const mostBusyRetries = 30;
const mostRetries = 3;

export function isBusy(error: Error | null): boolean {
  return error instanceof ApiProblem && error.code === 'too-many-requests';
}

/** Asks again until the others have their answers. */
export const whileBusy = {
  retry: (failures: number, error: Error): boolean =>
    isBusy(error)
      ? failures < mostBusyRetries
      : failures < mostRetries && error instanceof ApiProblem && passing.includes(error.code),
  retryDelay: busyRetryMs,
} as const;
