import { resetOf, sentAt } from './rate-reset';

/** GitHub asks to wait at least a minute where it does not say how long; the windows of others are a minute long. */
const defaultWaitMs = 60_000;
/** The longest window of either; a longer delay is a wrong clock or a hostile answer. */
const longestWaitMs = 60 * 60_000;

type Headers = Readonly<Record<string, string | undefined>>;

/**
 * The delay that a rate limit asks for: `Retry-After` in seconds or as a date (RFC 9110, 10.2.3), else the time when
 * the window ends.
 * @param headers in lower case
 * @param now milliseconds since the epoch, used if the answer has no `Date`
 * @returns milliseconds
 */
export function retryAfterMs(headers: Headers, now: number): number {
  const start = sentAt(headers, now);
  const asked = fromRetryAfter(headers['retry-after'], start) ?? fromReset(headers, start) ?? defaultWaitMs;
  return Math.min(Math.max(asked, 1_000), longestWaitMs);
}

function fromRetryAfter(value: string | undefined, start: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : date - start;
}

function fromReset(headers: Headers, start: number): number | undefined {
  if ((headers['x-ratelimit-remaining'] ?? headers['ratelimit-remaining'] ?? '0') !== '0') return undefined;
  const reset = Number(headers['x-ratelimit-reset'] ?? headers['ratelimit-reset'] ?? Number.NaN);
  return Number.isFinite(reset) ? resetOf(reset, start).inMs : undefined;
}
