import { type ApiCredentials, type Credentials } from '../../domain/credentials';

/** What Git calls the user of an access token: https://support.atlassian.com/bitbucket-cloud/docs/using-access-tokens/ */
const accessTokenUser = 'x-token-auth';
/** And of a user's API token: https://support.atlassian.com/bitbucket-cloud/docs/using-api-tokens/ */
const apiTokenUser = 'x-bitbucket-api-token-auth';

/** `access-token`: of a repository, a project or a workspace; `nameless-api-token`: a user's, without the user's address. */
export function tokenKind({ username }: ApiCredentials): 'access-token' | 'api-token' | 'nameless-api-token' {
  if (username === undefined || username === accessTokenUser) return 'access-token';
  return username === apiTokenUser ? 'nameless-api-token' : 'api-token';
}

/** App passwords had a mark of their own, unlike the tokens that came after them (`ATCT…`, `ATAT…`). */
export function isAppPassword(token: string): boolean {
  return token.startsWith('ATBB');
}

/** Git takes no e-mail address for a user, but the same name for the API tokens of all users. */
export function gitAccess(credentials: ApiCredentials): Pick<Credentials, 'basic'> {
  const username = tokenKind(credentials) === 'access-token' ? accessTokenUser : apiTokenUser;
  return { basic: { username, password: credentials.token } };
}
