import { type CallTarget, type KnownRefusal, type RefusedAnswer } from '../rest/refusal';
import { type RestApi } from '../rest/rest-api';
import { exceptionsIn } from './errors';
import { pageSchema, refusalSchema } from './schema';

export const bitbucketServerApi: RestApi = {
  basePath: '/rest',
  authorization: ({ token }) => ({
    // The one way in which tokens of users, projects and repositories are all taken:
    // https://confluence.atlassian.com/bitbucketserver/personal-access-tokens-939515499.html
    authorization: `Bearer ${token}`,
    // Without it, requests without a body count as forged:
    // https://developer.atlassian.com/server/framework/atlassian-sdk/form-token-handling/
    'x-atlassian-token': 'no-check',
  }),
  sentences: (body) =>
    refusalSchema
      .parse(body)
      .flatMap(({ message, vetoes, reviewerErrors }) => [
        ...(message === '' ? [] : [message]),
        ...vetoes,
        ...reviewerErrors.map((each) => each.message),
      ]),
  known: knownRefusal,
  // https://developer.atlassian.com/server/bitbucket/rest/v906/intro/#paged-apis
  paginate: ({ data, query }) => {
    const { success, data: page } = pageSchema.safeParse(data);
    if (!success) return undefined;
    const { values: items, isLastPage, nextPageStart } = page;
    if (isLastPage || typeof nextPageStart !== 'number') return { items };
    const next = new URLSearchParams(query);
    next.set('start', String(nextPageStart));
    return { items, next: `?${next.toString()}` };
  },
};

/** Bitbucket answers 401 for a missing right too, and tells the two apart by the name of the exception. */
function knownRefusal(
  { status, words, body }: RefusedAnswer,
  { host, repository }: CallTarget,
): KnownRefusal | undefined {
  const exceptions = exceptionsIn(body);
  const said = `${host} answered ${status} (${words})`;
  if (status === 401 && exceptions.includes('AuthorisationException')) {
    return { code: 'forbidden', fault: `${said}: the token lacks a right on ${repository}.` };
  }
  if (exceptions.includes('CaptchaRequiredAuthenticationException')) {
    const fault = `${said}: the token's user has to sign in once in a browser, and to solve a CAPTCHA.`;
    return { code: 'bad-credentials', fault };
  }
  // In whatever exception: they have changed with the versions.
  if ((status === 403 || status === 409) && /\barchived\b/i.test(words)) {
    return {
      code: 'request-refused',
      fault: `${said}: ${repository} is archived, and has to be unarchived.`,
    };
  }
  return undefined;
}
