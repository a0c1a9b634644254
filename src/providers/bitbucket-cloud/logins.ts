import { type ApiCredentials, type Credentials } from '../../domain/credentials';

/** What Git calls the user of an access token: https://support.atlassian.com/bitbucket-cloud/docs/using-access-tokens/ */
const accessTokenUser = 'x-token-auth';
/** And of a user's API token: https://support.atlassian.com/bitbucket-cloud/docs/using-api-tokens/ */
const apiTokenUser = 'x-bitbucket-api-token-auth';

/**
 * `access-token`: of a repository, a project or a workspace, or one of OAuth; `api-token`: of a user, whose address is known;
 * `nameless-api-token`: of a user, whose address is not known. Most tokens tell it by their beginning, others by the Secret's
 * `username`.
 */
export function tokenKind({
  token,
  username = '',
}: ApiCredentials): 'access-token' | 'api-token' | 'nameless-api-token' {
  if (token.startsWith('ATCT')) return 'access-token';
  if (username.includes('@')) return 'api-token';
  return token.startsWith('ATAT') || username === apiTokenUser ? 'nameless-api-token' : 'access-token';
}

/** App passwords had a beginning of their own. */
export function isAppPassword(token: string): boolean {
  return token.startsWith('ATBB');
}

/** Git takes no e-mail address for a user, but the same name for the API tokens of all users. */
export function gitAccess(credentials: ApiCredentials): Pick<Credentials, 'basic'> {
  const username = tokenKind(credentials) === 'access-token' ? accessTokenUser : apiTokenUser;
  return { basic: { username, password: credentials.token } };
}
