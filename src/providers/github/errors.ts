import { WindlassError } from '../../domain/errors';
import {
  type CallContext,
  type RefusedAnswer,
  notTheApi,
  quotable,
  rateLimited,
  refusalFailure,
} from '../answers';
import { type BranchPair } from '../port';
import { type FieldError, refusalSchema, requestErrorSchema } from './schema';

export interface GithubRefusal extends RefusedAnswer {
  readonly errors: readonly FieldError[];
}

/** The answer behind an error of octokit's, if there was one. */
export function refusalOf(error: unknown, token: string): GithubRefusal | undefined {
  const thrown = requestErrorSchema.safeParse(error);
  if (!thrown.success) return undefined;
  const { headers, data } = thrown.data.response;
  const body = refusalSchema.safeParse(data);
  const errors = body.success ? body.data.errors : [];
  const words = body.success ? [body.data.message, ...errors.map(describe)] : [];
  return {
    status: thrown.data.status,
    headers,
    errors,
    message: quotable(words.filter((each) => each !== '').join('; '), token),
  };
}

/** Whether GitHub refused to create a pull request because there is an open one. */
export function isDuplicate(refusal: GithubRefusal): boolean {
  return (
    refusal.status === 422 && refusal.errors.some(({ message }) => /already exists/i.test(message ?? ''))
  );
}

export function githubFailure(refusal: GithubRefusal, call: CallContext): WindlassError {
  return isRateLimit(refusal) ? rateLimited(refusal, call) : refusalFailure(refusal, call);
}

/** Classifies what octokit throws without an answer. */
export function unansweredFailure(error: unknown, call: CallContext): WindlassError {
  // octokit wraps what its fetch throws.
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof WindlassError ? cause : notTheApi(call, 'something that cannot be read');
}

/** Classifies a refusal to create: GitHub gives a list of faults in the input. */
export function creationFailure(
  refusal: GithubRefusal,
  branches: BranchPair,
  call: CallContext,
): WindlassError {
  if (refusal.errors.some(({ field, code }) => field === 'base' && code === 'invalid')) {
    return new WindlassError('base-branch-not-found', `${call.repository} has no branch ${branches.base}.`);
  }
  // Both happen when somebody merges, deletes or resets the branch right after the push: the next attempt sees what is left.
  if (refusal.errors.some(({ field, code }) => field === 'head' && code === 'invalid')) {
    return new WindlassError('lease-lost', `${call.repository} no longer has the branch ${branches.head}.`);
  }
  if (refusal.errors.some(({ message }) => /^no commits between/i.test(message ?? ''))) {
    return new WindlassError(
      'lease-lost',
      `The branch ${branches.head} of ${call.repository} has no commit that ${branches.base} lacks.`,
    );
  }
  return githubFailure(refusal, call);
}

/**
 * Primary limits answer 403 or 429 with nothing remaining, secondary ones with `Retry-After` or only with words:
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
function isRateLimit({ status, headers, message }: GithubRefusal): boolean {
  if (status !== 403 && status !== 429) return false;
  return (
    status === 429 ||
    headers['retry-after'] !== undefined ||
    headers['x-ratelimit-remaining'] === '0' ||
    /rate limit|abuse detection/i.test(message)
  );
}

function describe({ field, code, message }: FieldError): string {
  return message ?? [field, code].filter((each) => each !== undefined).join(' ');
}
