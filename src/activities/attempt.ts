import { Context } from '@temporalio/activity';

/**
 * Shorter than the activity's start-to-close timeout, so that a hang is a classified failure and not a lost attempt.
 */
const attemptDeadlineMs = 4 * 60 * 1000;
/** At most a third of the heartbeat timeout: one late heartbeat must not end a healthy attempt. */
const heartbeatIntervalMs = 2_000;

/** Runs one attempt with heartbeats, and a signal that ends it on cancellation, shutdown or at its deadline. */
export async function runAttempt<T>(attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current();
  const heartbeat = setInterval(() => context.heartbeat(), heartbeatIntervalMs);
  try {
    return await attempt(
      AbortSignal.any([context.cancellationSignal, AbortSignal.timeout(attemptDeadlineMs)]),
    );
  } finally {
    clearInterval(heartbeat);
  }
}
