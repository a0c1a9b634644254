/** The routes below `/auth`: they begin and end sessions of the dashboard. Everything else is the API's. */
import { type Express, type Request, type Response } from 'express';
import { z } from 'zod';
import { type Access, AccessUnavailable, type Caller } from '../../access/access';
import { authenticateToken } from '../operator/authenticate';
import { conclude, type ExchangeOptions, jsonBody } from '../operator/exchange';
import { Refusal } from '../operator/refusal';
import { bearerToken, parseBody } from '../operator/request-parts';
import { clientKey } from '../webhook/client-address';
import { type CodeLogin, type FailedLogin } from './code-login';
import { type LoginFailure } from './login-failures';
import { LinkTooLong, type OneTimeLinks } from './one-time-links';
import { foreignPageFault } from './own-page';
import { returnPath } from './return-path';
import { type Sessions, TokenTooLong } from './sessions';
import { tokenExpiry } from './token-expiry';

/** How people log in to the dashboard. */
export interface DashboardLogin {
  readonly sessions: Sessions;
  readonly links: OneTimeLinks;
  /** Absent: there is no issuer, or the dashboard's URL is not known, to which it would send people back. */
  readonly code?: CodeLogin;
  /** As the operator set it. */
  readonly url?: string;
}

type Options = ExchangeOptions & { readonly login: DashboardLogin };

/** Long enough to copy it into a browser. */
const linkLifetimeMs = 5 * 60_000;

const tokenBody = z.strictObject({ token: z.string().trim().min(1).max(16_000) });

type Work = (
  request: Request,
  response: Response,
  named: (name: string) => void,
) => Promise<string | undefined>;

/** Adds the routes to the app of the API. */
export function addLoginRoutes(app: Express, options: Options): void {
  const { code } = options.login;
  const add = (method: 'get' | 'post', path: string, work: Work): void => {
    const allow = method.toUpperCase();
    app.all(`/auth/${path}`, async (request, response) => {
      let who: string | undefined;
      response.setHeader('Referrer-Policy', 'no-referrer');
      await conclude(
        options,
        'auth',
        request,
        response,
        () => {
          // Not HEAD either: what looks at links before people do must not use them up.
          if (request.method !== allow) {
            throw new Refusal('method-not-allowed', `This path accepts only ${allow}.`, { Allow: allow });
          }
          return work(request, response, (name) => (who = name));
        },
        () => (who === undefined ? {} : { who }),
      );
    });
  };
  add('get', 'options', () => Promise.resolve(JSON.stringify(waysOf(options.login))));
  if (code !== undefined) {
    add('get', 'login', (request, response) => beginAtIssuer(code, request, response));
    add('get', 'callback', (request, response, named) =>
      endAtIssuer(options, code, request, response, named),
    );
  }
  add('post', 'token', (request, response, named) => takeToken(options, request, response, named));
  add('get', 'link', (request, response, named) => takeLink(options, request, response, named));
  add('post', 'links', (request, _response, named) => makeLink(options, request, named));
  add('post', 'logout', (request, response) => {
    requireOwnPage(options, request);
    response.setHeader('Set-Cookie', options.login.sessions.end(request));
    response.status(204).end();
    return Promise.resolve(undefined);
  });
}

/** What the login page offers. */
function waysOf({ code }: DashboardLogin): object {
  return code === undefined ? {} : { issuer: code.issuerName };
}

async function beginAtIssuer(code: CodeLogin, request: Request, response: Response): Promise<undefined> {
  const returnTo = returnPath(request.query['returnTo']);
  try {
    const { location, cookies } = await code.begin(request, returnTo);
    redirect(response, location, cookies);
  } catch (error) {
    if (!(error instanceof AccessUnavailable)) throw error;
    redirect(response, loginPage('unavailable', returnTo));
  }
}

async function endAtIssuer(
  options: Options,
  code: CodeLogin,
  request: Request,
  response: Response,
  named: (name: string) => void,
): Promise<undefined> {
  const failed = ({ failure, reason, returnTo, cookies }: FailedLogin): void => {
    options.logger.warn({ failure, reason }, 'login to the dashboard failed');
    redirect(response, loginPage(failure, returnTo), cookies);
  };
  // First: any page can send a browser here, and that must not count against its address.
  const open = code.open(request);
  if ('failure' in open) {
    failed(open);
    return;
  }
  // Each asks the issuer, so that they are limited as tokens are.
  const attempt = await options.tokens.attempt(
    clientKey(request.ip, request.socket.remoteAddress),
    request.originalUrl,
  );
  if (attempt === undefined) {
    redirect(response, loginPage('too-many', '/'));
    return;
  }
  let counts = false;
  try {
    const end = await code.end(request, open, (idToken) => personOf(options.access, idToken));
    if ('failure' in end) {
      counts = !asksNoIssuer.includes(end.failure);
      failed(end);
      return;
    }
    named(end.caller.name);
    redirect(response, end.returnTo, [
      ...end.cookies,
      ...options.login.sessions.beginAs(request, end.caller),
    ]);
  } finally {
    if (counts) attempt.unknown();
    else attempt.unanswered();
  }
}

/** The answer has another state, or the issuer does not answer. */
const asksNoIssuer: readonly LoginFailure[] = ['expired', 'unavailable'];

/** A session by OpenID Connect is good for what the issuer alone vouches for. @throws AccessUnavailable */
async function personOf(
  access: Access,
  idToken: string,
): Promise<{ readonly caller: Caller } | { readonly fault: string }> {
  const found = await access.authenticate(idToken);
  if (!found.known) return { fault: found.fault };
  if (found.caller.via !== 'oidc') return { fault: 'The ID token is not one of the configured issuer.' };
  return { caller: found.caller };
}

/** A pasted token. @throws Refusal, AccessUnavailable */
async function takeToken(
  options: Options,
  request: Request,
  response: Response,
  named: (name: string) => void,
): Promise<undefined> {
  requireOwnPage(options, request);
  const { token } = parseBody(tokenBody, await jsonBody(options, request));
  const found = await authenticateToken(options, request, token);
  if (!found.known) throw new Refusal('unauthenticated', found.fault);
  named(found.caller.name);
  try {
    response.setHeader(
      'Set-Cookie',
      options.login.sessions.beginWithToken(request, token, tokenExpiry(token)),
    );
  } catch (error) {
    if (error instanceof TokenTooLong) throw new Refusal('bad-request', error.message);
    throw error;
  }
  response.status(204).end();
}

async function takeLink(
  options: Options,
  request: Request,
  response: Response,
  named: (name: string) => void,
): Promise<undefined> {
  const { links, sessions } = options.login;
  const { code } = request.query;
  // A page of another site would log the browser in as its author. The link stays good for who types it.
  if (foreignPageFault(request, options.login.url) !== undefined) {
    redirect(response, loginPage('link', '/'));
    return;
  }
  const token = typeof code === 'string' ? links.take(code) : undefined;
  if (token === undefined) {
    redirect(response, loginPage('link', '/'));
    return;
  }
  const found = await authenticateToken(options, request, token);
  if (!found.known) {
    redirect(response, loginPage('link', '/'));
    return;
  }
  named(found.caller.name);
  redirect(response, '/', sessions.beginWithToken(request, token, tokenExpiry(token)));
}

/** For a program that has a token: it does not have to show it. @throws Refusal, AccessUnavailable */
async function makeLink(options: Options, request: Request, named: (name: string) => void): Promise<string> {
  const token = bearerToken(request);
  if (token === undefined) {
    throw new Refusal('unauthenticated', 'Send the token in the header "Authorization: Bearer TOKEN".', {
      'WWW-Authenticate': 'Bearer',
    });
  }
  const found = await authenticateToken(options, request, token);
  if (!found.known) {
    throw new Refusal('unauthenticated', found.fault, { 'WWW-Authenticate': 'Bearer error="invalid_token"' });
  }
  named(found.caller.name);
  try {
    return JSON.stringify({ path: options.login.links.make(token, linkLifetimeMs) });
  } catch (error) {
    if (error instanceof LinkTooLong) throw new Refusal('bad-request', error.message);
    throw error;
  }
}

/** Another site must not log a browser in or out either. @throws Refusal forbidden */
function requireOwnPage({ login }: Options, request: Request): void {
  const fault = foreignPageFault(request, login.url);
  if (fault !== undefined) throw new Refusal('forbidden', fault);
}

function loginPage(failure: LoginFailure, returnTo: string): string {
  return `/login?${new URLSearchParams({ failed: failure, ...(returnTo === '/' ? {} : { returnTo }) }).toString()}`;
}

/** Not by `response.redirect`, whose body repeats the address. */
function redirect(response: Response, location: string, cookies: string[] = []): void {
  if (cookies.length > 0) response.setHeader('Set-Cookie', cookies);
  response.writeHead(303, { Location: location }).end();
}
