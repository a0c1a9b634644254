import { WindlassError } from '../../domain/errors';
import { type ApiCredentials } from '../../domain/credentials';
import { type Paginate } from '../rest/paginate';
import { type RestApi } from '../rest/rest-api';
import { insteadOfAppPassword, knownRefusal } from './errors';
import { isAppPassword, tokenKind } from './logins';
import { refusalSchema } from './schema';

export const bitbucketCloudApi: RestApi = {
  basePath: '/2.0',
  authorization: (credentials) => ({ authorization: authorization(credentials) }),
  sentences: (body) => {
    const { message, detail, fields } = refusalSchema.parse(body);
    const faults = Object.entries(fields).flatMap(([field, texts]) =>
      texts.map((text) => `${field}: ${text}`),
    );
    const scopes = detail.required.length === 0 ? '' : `required: ${detail.required.join(', ')}`;
    return [...new Set([message, detail.sentence, ...faults, scopes])].filter((each) => each !== '');
  },
  known: knownRefusal,
  paginate,
};

/**
 * Access tokens are bearers; a user's API token is only a password, and needs its account's address for a name.
 * https://developer.atlassian.com/cloud/bitbucket/rest/intro/#authentication
 */
function authorization(credentials: ApiCredentials): string {
  const { token, username } = credentials;
  if (isAppPassword(token))
    throw new WindlassError('bad-credentials', `The token is an app password: ${insteadOfAppPassword}.`);
  switch (tokenKind(credentials)) {
    case 'access-token':
      return `Bearer ${token}`;
    case 'api-token':
      return `Basic ${Buffer.from(`${username ?? ''}:${token}`).toString('base64')}`;
    case 'nameless-api-token':
      throw new WindlassError(
        'credentials-missing',
        "Bitbucket Cloud takes a user's API token only with the e-mail address of the Atlassian account that it belongs to: put that address into username, and remove password. Git then logs in by itself.",
      );
  }
}

/**
 * A list is an object with `values`, and with the URL of the next page in `next`, of which only the query counts: a hostile
 * one must not choose where the token goes. https://developer.atlassian.com/cloud/bitbucket/rest/intro/#pagination
 */
function paginate({ data }: Parameters<Paginate>[0]): ReturnType<Paginate> {
  if (typeof data !== 'object' || data === null || !('values' in data) || !Array.isArray(data.values))
    return undefined;
  const next = 'next' in data && typeof data.next === 'string' ? data.next : undefined;
  if (next === undefined || !URL.canParse(next, 'https://relative')) return { items: data.values };
  return { items: data.values, next: new URL(next, 'https://relative').search };
}
