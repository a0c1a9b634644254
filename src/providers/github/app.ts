/** GitHub Apps: with an App's private key, tokens of one of its installations are obtained, each valid for an hour. */
import { type SecretData } from '../../domain/credentials';
import { WindlassError } from '../../domain/errors';
import { secretValueFaults } from '../../domain/secret-value';
import { tokenSubstitute } from '../../domain/token-substitutes';
import { type Outbound } from '../../http/outbound/outbound';
import { type ExpiringToken, type TokenExchange } from '../port';
import { ApiRefusal } from '../rest/refusal';
import { createRestClient, type RestClient } from '../rest/rest-client';
import { unlessRefused } from '../rest/unless-refused';
import { ownApiHost } from './api-host';
import { appToken, readAppKey } from './app-key';
import { githubApi } from './rest-api';
import { installationSchema, installationTokenSchema } from './schema';

const githubUrl = 'https://api.github.com';
const hourMs = 60 * 60_000;
const maxWords = 300;

interface GithubApp {
  readonly id: string;
  readonly key: string;
  readonly installation: { readonly id: string } | { readonly owner: string };
  /** Of the API; undefined: github.com's. */
  readonly baseUrl: string | undefined;
}

/** @throws WindlassError credentials-missing, bad-credentials */
export function appTokenExchange(data: SecretData): TokenExchange | undefined {
  const substitute = tokenSubstitute('github', data);
  if (substitute === 'none') return undefined;
  if (substitute !== 'usable') {
    const { key, fault } = substitute;
    const says =
      fault === 'missing'
        ? `The Secret has keys of a GitHub App and no ${key}, or a blank one: add it.`
        : `The ${key} of the Secret ${secretValueFaults[fault]}.`;
    throw new WindlassError('credentials-missing', says);
  }
  const app = readApp(data);
  // The App's own host is the repository's, or the operator allows it: a Secret must not name others.
  return { hosts: [], obtain: (outbound) => obtain(app, outbound) };
}

function readApp(data: SecretData): GithubApp {
  const text = (key: string): string => new TextDecoder().decode(data[key]).trim();
  const matching = (key: string, pattern: RegExp, expected: string): string => {
    if (pattern.test(text(key))) return text(key);
    throw new WindlassError('bad-credentials', `The ${key} of the Secret is not ${expected}.`);
  };
  const id = matching('githubAppID', /^[\w.-]{1,64}$/, 'the App ID (a number) or client ID of a GitHub App');
  const baseUrl = text('githubAppBaseURL');
  return {
    id,
    key: text('githubAppPrivateKey'),
    installation:
      text('githubAppInstallationID') === ''
        ? { owner: matching('githubAppInstallationOwner', /^[\w-]{1,100}$/, 'the name of an account') }
        : { id: matching('githubAppInstallationID', /^\d{1,20}$/, 'the number of an installation') },
    baseUrl: baseUrl === '' ? undefined : apiUrlOf(baseUrl),
  };
}

/** Flux takes the API's URL, https://HOST/api/v3; the web's is taken for it. */
function apiUrlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url !== undefined && /^\/*$/.test(url.pathname) && !url.hostname.startsWith('api.');
  if (
    url === undefined ||
    !/^https?:$/.test(url.protocol) ||
    `${url.username}${url.password}${url.search}` !== ''
  ) {
    const says = 'The githubAppBaseURL of the Secret is not a URL such as https://github.example.com/api/v3.';
    throw new WindlassError('bad-credentials', says);
  }
  if (!isWeb) return url.href;
  const own = ownApiHost(url.hostname);
  return own === undefined ? `${url.origin}/api/v3` : `https://${own}`;
}

async function obtain(app: GithubApp, outbound: Outbound): Promise<ExpiringToken> {
  const asked = Date.now();
  const token = await appToken(app.id, readAppKey(app.key), asked);
  const client = createRestClient(githubApi, {
    repository: { path: `the GitHub App ${app.id}` },
    apiUrl: app.baseUrl ?? githubUrl,
    access: () => Promise.resolve({ token, outbound }),
  });
  try {
    return await exchange(app, client, asked);
  } catch (error) {
    throw explained(app, client.target.host, error);
  }
}

async function exchange(app: GithubApp, client: RestClient, asked: number): Promise<ExpiringToken> {
  // Each request has a timeout of its own.
  const { signal } = new AbortController();
  const id =
    'id' in app.installation ? app.installation.id : await installationOf(app.installation.owner, client);
  const request = { method: 'POST', url: `app/installations/${id}/access_tokens` };
  const { token, expires_at, permissions } = await client.request(installationTokenSchema, request, signal);
  if (permissions !== undefined && permissions.pull_requests !== 'write') {
    const says =
      `The installation ${id} of the GitHub App ${app.id} may not write pull requests: ` +
      'give the App the repository permission "Pull requests: read and write", and let the account accept it.';
    throw new WindlassError('forbidden', says);
  }
  // GitHub's clock may be ahead of ours, and the token ends by GitHub's.
  return { token, expiresAt: Math.min(Date.parse(expires_at), asked + hourMs) };
}

/** @throws ApiRefusal 404 where the App is not installed there */
async function installationOf(owner: string, client: RestClient): Promise<number> {
  const { signal } = new AbortController();
  const find = (kind: 'orgs' | 'users'): Promise<{ readonly id: number }> =>
    client.request(installationSchema, { method: 'GET', url: `${kind}/${owner}/installation` }, signal);
  return ((await unlessRefused(['repository-not-found'], find('orgs'))) ?? (await find('users'))).id;
}

/** https://docs.github.com/apps/creating-github-apps/authenticating-with-a-github-app/authenticating-as-a-github-app-installation */
function explained(app: GithubApp, host: string, error: unknown): unknown {
  if (error instanceof WindlassError && error.code === 'host-not-allowed' && app.baseUrl === undefined) {
    const says =
      'The Secret has no githubAppBaseURL, so its GitHub App is one of github.com, and the repository is not there: ' +
      'set githubAppBaseURL to the URL of the API, such as https://github.example.com/api/v3.';
    return new WindlassError('credentials-missing', says);
  }
  if (!(error instanceof ApiRefusal) || error.code === 'rate-limited') return error;
  const said = `${host} answered ${error.status} (${error.words.slice(0, maxWords)})`;
  if (error.status === 401) {
    const isClock = /\b(exp|iat)\b/i.test(error.words);
    const advice = isClock
      ? "the worker's clock differs from the host's: set it."
      : `the githubAppPrivateKey is not a key of the GitHub App ${app.id}, or was deleted: check it and githubAppID.`;
    return new WindlassError('bad-credentials', `${said}: ${advice}`);
  }
  const { installation } = app;
  const [key, name] =
    'id' in installation
      ? ['githubAppInstallationID', `installation ${installation.id}`]
      : ['githubAppInstallationOwner', `installation for ${installation.owner}`];
  if (error.status === 404) {
    const says = `${said}: the GitHub App ${app.id} has no ${name}. Install it there, or correct ${key}.`;
    return new WindlassError('bad-credentials', says);
  }
  if (error.status === 403) {
    const says = `${said}: the ${name} of the GitHub App ${app.id} gives no tokens. If it is suspended, unsuspend it.`;
    return new WindlassError('forbidden', says);
  }
  return error;
}
