import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { backOffMs } from '../../src/domain/back-off';

/** notification-controller has one context of this duration for all attempts. */
const contextMs = 15_000;
const waits = { firstMs: 2_000, longestMs: 15_000 };
const maxAttempts = 5;

export type Delivery =
  | { readonly delivered: true; readonly status: number; readonly body: string }
  /** The event is lost; notification-controller does not store events. */
  | { readonly delivered: false; readonly reason: string };

export interface DeliveryOptions {
  /** Gives up when aborted. */
  readonly signal?: AbortSignal;
  /** Waits, in milliseconds; rejects when the signal is aborted. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

/**
 * Posts a body as Flux's notification-controller does: attempts at 0, 2, 6 and 14 seconds on connection errors, 429 and
 * 5xx except 501. Uses `Retry-After` in seconds on 429 and 503. Does not follow redirects.
 */
export async function deliverEvent(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  options: DeliveryOptions = {},
): Promise<Delivery> {
  const wait = options.wait ?? ((milliseconds, signal) => sleep(milliseconds, undefined, { signal }));
  const context = AbortSignal.timeout(contextMs);
  const signal = options.signal === undefined ? context : AbortSignal.any([context, options.signal]);
  let last = 'no attempt was made';
  for (let attempt = 1; attempt <= maxAttempts && !signal.aborted; attempt += 1) {
    const result = await post(url, headers, body, signal);
    if ('delivered' in result) return result;
    last = result.reason;
    if (!result.again || attempt === maxAttempts) break;
    try {
      await wait(result.retryAfterMs ?? backOffMs(waits, attempt), signal);
    } catch {
      break;
    }
  }
  return { delivered: false, reason: last };
}

interface FailedAttempt {
  readonly reason: string;
  readonly again: boolean;
  readonly retryAfterMs?: number;
}

async function post(
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<Delivery | FailedAttempt> {
  try {
    const response = await request(url, { method: 'POST', headers, body, signal });
    const status = response.statusCode;
    const answer = await response.body.text();
    if ([200, 201, 202, 204].includes(status)) return { delivered: true, status, body: answer };
    const retryAfter = Number(response.headers['retry-after']);
    const retryAfterCounts =
      (status === 429 || status === 503) && Number.isInteger(retryAfter) && retryAfter > 0;
    return {
      reason: `${status} ${answer}`.trim(),
      again: status === 429 || (status >= 500 && status !== 501),
      ...(retryAfterCounts ? { retryAfterMs: retryAfter * 1_000 } : {}),
    };
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error), again: true };
  }
}
