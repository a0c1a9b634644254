import { type Pace } from '../../domain/budget/pace';
import { type RefusedAnswer } from '../rest/refusal';
import { linkedPages, type Paginate } from '../rest/paginate';
import { type RestApi } from '../rest/rest-api';
import { type FieldError, refusalSchema } from './schema';

/** The two lists that come inside an object. */
const listFields = ['statuses', 'check_runs'];

const paginate: Paginate = ({ data, headers }) => {
  if (typeof data !== 'object' || data === null || !('total_count' in data))
    return linkedPages({ data, headers });
  const list = Object.entries(data).find(([name]) => listFields.includes(name))?.[1];
  return linkedPages({ data: list, headers });
};

const minute = 60_000;

/**
 * The secondary limits: no header tells them. A change weighs five points.
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits
 * Conditional requests without news are free:
 * https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#use-conditional-requests-if-appropriate
 */
const pace: Pace = {
  atOnce: 10,
  limits: [
    { most: 900, perMs: minute, read: 1, change: 5 },
    { most: 80, perMs: minute, read: 0, change: 1 },
    { most: 500, perMs: 60 * minute, read: 0, change: 1 },
  ],
};

export const githubApi: RestApi = {
  // An Enterprise Server's `/api/v3` is not github.com's: it belongs to the base URL.
  basePath: '',
  authorization: ({ token }) => ({ authorization: `Bearer ${token}` }),
  sentences: (body) => {
    const { message, errors } = refusalSchema.parse(body);
    return [message, ...errors.map(describe)].filter((each) => each !== '');
  },
  isRateLimit,
  known: ({ status, words }, { host, repository }) =>
    status === 403 && /was archived/i.test(words)
      ? { code: 'request-refused', fault: `${host} answered 403: ${repository} is archived, and read-only.` }
      : undefined,
  paginate,
  pace,
  isChange: (method, path) => method !== 'GET' && !isStatus(path),
  unchangedIsFree: true,
};

/**
 * A commit status creates no content: GitHub's own client does not slow it down as what notifies people
 * (https://github.com/octokit/plugin-throttling.js/blob/main/src/generated/triggers-notification-paths.ts), and it has a limit
 * of its own, for each commit (https://docs.github.com/rest/commits/statuses#create-a-commit-status). What "content" is, GitHub
 * does not define: every other change counts. The points are for each endpoint, so four less for a status exceed nothing.
 */
function isStatus(path: string): boolean {
  return /\/statuses\/[0-9a-f]+$/.test(path);
}

/**
 * Primary limits answer 403 or 429 with nothing remaining, secondary ones with `Retry-After` or only with words:
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
function isRateLimit({ status, headers, words }: RefusedAnswer): boolean {
  // The limit on creating content, worded as a fault of the input.
  if (status === 422) return /was submitted too quickly/i.test(words);
  if (status !== 403) return false;
  return (
    headers['retry-after'] !== undefined ||
    headers['x-ratelimit-remaining'] === '0' ||
    /rate limit|abuse detection/i.test(words)
  );
}

function describe({ field, code, message }: FieldError): string {
  return message ?? [field, code].filter((each) => each !== undefined).join(' ');
}
