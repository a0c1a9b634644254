/** Times since the epoch are larger, times to wait smaller. */
const leastEpochSeconds = 1_000_000_000;

/** @returns when an answer was sent, milliseconds since the epoch: by the sender's clock, else `now` */
export function sentAt(headers: Readonly<Record<string, string | undefined>>, now: number): number {
  const sent = Date.parse(headers['date'] ?? '');
  return Number.isNaN(sent) ? now : sent;
}

/**
 * When a window ends: GitHub and GitLab say it in seconds since the epoch, the IETF draft
 * (https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-03) in seconds from now.
 * @param start when the answer was sent, milliseconds since the epoch
 * @returns `at`: the same in milliseconds since the epoch, where the answer says it so
 */
export function resetOf(seconds: number, start: number): { readonly inMs: number; readonly at?: number } {
  const ms = seconds * 1_000;
  return seconds >= leastEpochSeconds ? { inMs: ms - start, at: ms } : { inMs: ms };
}
