import { type RateFigures } from '../../domain/budget/budget-message';

type Headers = Readonly<Record<string, string | undefined>>;

/** Times since the epoch are larger, times to wait smaller. */
const leastEpochSeconds = 1_000_000_000;
/** Headers count in whole seconds. */
const roundedMs = 1_000;
const longestMs = 24 * 3_600_000;

/**
 * What an answer says of the window that its limit is for: `X-RateLimit-*` of GitHub
 * (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api), Azure DevOps and others, or `RateLimit-*` of
 * GitLab (https://docs.gitlab.com/security/rate_limits/) and the IETF draft, whose reset is in seconds from now.
 * @param headers in lower case
 * @param now milliseconds since the epoch, used if the answer has no `Date`
 * @returns undefined where it does not say all three
 */
export function rateFigures(headers: Headers, now: number): RateFigures | undefined {
  // GitHub counts searches and GraphQL apart.
  if ((headers['x-ratelimit-resource'] ?? 'core') !== 'core') return undefined;
  const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) =>
    numberIn(headers[`x-ratelimit-${name}`] ?? headers[`ratelimit-${name}`]),
  );
  if (limit === undefined || remaining === undefined || reset === undefined || limit < 1) return undefined;
  const sent = Date.parse(headers['date'] ?? '');
  const start = Number.isNaN(sent) ? now : sent;
  const isTime = reset >= leastEpochSeconds;
  const inMs = isTime ? reset * 1_000 - start : reset * 1_000;
  return {
    limit,
    remaining: Math.min(remaining, limit),
    resetInMs: Math.min(Math.max(inMs, 0) + roundedMs, longestMs),
    ...(isTime ? { mark: reset * 1_000 } : {}),
  };
}

function numberIn(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,11}(\.\d+)?$/.test(value) ? Number(value) : undefined;
}
