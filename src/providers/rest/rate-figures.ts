import { type RateFigures } from '../../domain/budget/budget-message';
import { resetOf, sentAt } from './rate-reset';

type Headers = Readonly<Record<string, string | undefined>>;

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
  const { inMs, at } = resetOf(reset, sentAt(headers, now));
  return {
    limit,
    remaining: Math.min(remaining, limit),
    resetInMs: Math.min(Math.max(inMs, 0) + roundedMs, longestMs),
    ...(at === undefined ? {} : { mark: at }),
  };
}

function numberIn(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,11}(\.\d+)?$/.test(value) ? Number(value) : undefined;
}
