import { setTimeout as delay } from 'node:timers/promises';
import { type Client, isGrpcServiceError } from '@temporalio/client';
import { TemporalUnavailable } from './lane-reporter';

/** Between two calls; the channel itself reconnects within a second. */
const retryPauseMs = 200;
/** The timeout of a single call: a call on a dead connection must leave time for another. */
const callLimitMs = 4_000;

/**
 * Calls Temporal until a call succeeds or `deadlineMs` milliseconds have passed.
 * @param fault what could not be done, as a sentence without its full stop
 * @throws TemporalUnavailable at the deadline
 */
export async function callUntil(
  client: Client,
  fault: string,
  deadlineMs: number,
  call: () => Promise<void>,
): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    try {
      await client.connection.withDeadline(Math.min(Date.now() + callLimitMs, deadline), call);
      return;
    } catch (error) {
      if (Date.now() + retryPauseMs >= deadline) {
        throw new TemporalUnavailable(`${fault} (${reasonOf(error)}).`, { cause: error });
      }
      await delay(retryPauseMs);
    }
  }
}

/** Errors of Temporal itself, such as an unknown namespace, do not disappear with time. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return (isGrpcServiceError(cause) ? cause.details : error.message).replace(/\.$/, '');
}
