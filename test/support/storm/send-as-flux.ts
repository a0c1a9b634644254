import { setTimeout as delay } from 'node:timers/promises';
import { type SignedEvent } from '../installed';

/** When notification-controller posts an event again that was not taken, in milliseconds after its first attempt. */
const attemptsAtMs = [0, 2_000, 6_000, 14_000];
/** A Provider's default timeout, for all attempts together, leaves the last one a second: a test does not insist on it. */
const attemptLimitMs = 15_000;

export interface Delivery {
  readonly taken: boolean;
  readonly attempts: number;
  /** How long each attempt waited for its answer, milliseconds. */
  readonly answersMs: readonly number[];
  /** The answer to the last attempt, or why there is none. */
  readonly lastAnswer: string;
}

/**
 * Posts an event as Flux's notification-controller does: again after a failed connection, a 429 or a 5xx, then never.
 * @param event asked for each attempt, which a Service may bring to another process
 */
export async function sendAsFlux(event: () => SignedEvent): Promise<Delivery> {
  const start = performance.now();
  const answersMs: number[] = [];
  let lastAnswer = '';
  for (const [index, atMs] of attemptsAtMs.entries()) {
    await delay(Math.max(0, start + atMs - performance.now()));
    const postedAt = performance.now();
    const { status, words } = await post(event());
    answersMs.push(performance.now() - postedAt);
    lastAnswer = status === undefined ? words : `${status} ${words}`;
    const retried = status === undefined || status === 429 || status >= 500;
    if (!retried) return { taken: status === 202, attempts: index + 1, answersMs, lastAnswer };
  }
  return { taken: false, attempts: attemptsAtMs.length, answersMs, lastAnswer };
}

/** @returns the status and the answer, or why there is none */
async function post({
  url,
  headers,
  body,
}: SignedEvent): Promise<{ readonly status?: number; readonly words: string }> {
  try {
    const signal = AbortSignal.timeout(attemptLimitMs);
    const answer = await fetch(url, { method: 'POST', headers, body, signal });
    return { status: answer.status, words: await answer.text() };
  } catch (error) {
    const { message, cause } = error as Error & { readonly cause?: { readonly message?: string } };
    return { words: cause?.message ?? message };
  }
}
