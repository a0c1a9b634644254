import { Context } from '@temporalio/activity';

/**
 * Shorter than the activity's start-to-close timeout, so that a hang is a classified failure and not a lost attempt.
 */
const attemptDeadlineMs = 4 * 60 * 1000;
/** At most a third of the heartbeat timeout: one late heartbeat must not end a healthy attempt. */
const heartbeatIntervalMs = 2_000;

/** Runs one attempt with heartbeats, and a signal that ends it on cancellation, shutdown or at its deadline. */
export async function runAttempt<T>(attempt: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { cancellationSignal } = Context.current();
  return whileBeating(
    () => undefined,
    () => attempt(AbortSignal.any([cancellationSignal, AbortSignal.timeout(attemptDeadlineMs)])),
  );
}

/**
 * Sends heartbeats until `work` has ended.
 * @param details what a later attempt is to know, see `heartbeatDetails` of the activity
 */
export async function whileBeating<T>(details: () => unknown, work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  const heartbeat = setInterval(() => context.heartbeat(details()), heartbeatIntervalMs);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
  }
}
