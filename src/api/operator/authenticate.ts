/** Who makes a request: by its token, or by the session of the dashboard. */
import { type Request } from 'express';
import { type Access, type Authentication, type Caller } from '../../access/access';
import { foreignPageFault } from '../dashboard/own-page';
import { type Sessions } from '../dashboard/sessions';
import { clientKey } from '../webhook/client-address';
import { Refusal } from './refusal';
import { bearerToken } from './request-parts';
import { type TokenAttempts } from './token-attempts';

export interface AuthenticationOptions {
  readonly access: Access;
  /** Limits failed authentications. */
  readonly tokens: TokenAttempts;
  /** Of the dashboard; absent: only tokens count. */
  readonly sessions?: Sessions;
  /** The URL of the dashboard, as the operator set it. */
  readonly dashboardUrl?: string;
}

export interface Authenticated {
  readonly caller: Caller;
  /** When the session of the dashboard ends, milliseconds since the epoch; absent: the request has a token of its own. */
  readonly until?: number;
}

/** A token in `Authorization` counts before a session. @throws Refusal unauthenticated, forbidden, too-many-requests; AccessUnavailable */
export async function authenticate(options: AuthenticationOptions, request: Request): Promise<Authenticated> {
  const session = request.get('authorization') === undefined ? options.sessions?.read(request) : undefined;
  if (session === undefined) return { caller: await callerByHeader(options, request) };
  const foreign = foreignPageFault(request, options.dashboardUrl);
  if (foreign !== undefined) throw new Refusal('forbidden', foreign);
  if (session === 'ended') throw sessionEnded(options, request);
  if (session.kind === 'person') return { caller: session.caller, until: session.until };
  const found = await authenticateToken(options, request, session.token);
  if (!found.known) throw sessionEnded(options, request);
  return { caller: found.caller, until: session.until };
}

async function callerByHeader(options: AuthenticationOptions, request: Request): Promise<Caller> {
  const token = bearerToken(request);
  // Without a token there is nothing to guess: it costs no attempt.
  if (token === undefined) return callerOf(await options.access.authenticate(undefined), 'Bearer');
  return callerOf(await authenticateToken(options, request, token), 'Bearer error="invalid_token"');
}

/** Whose a token is; failures are limited. @throws Refusal too-many-requests; AccessUnavailable */
export async function authenticateToken(
  { access, tokens }: AuthenticationOptions,
  request: Request,
  token: string,
): Promise<Authentication> {
  const attempt = await tokens.attempt(clientKey(request.ip, request.socket.remoteAddress), token);
  if (attempt === undefined) throw tooManyFailures();
  let found: Authentication;
  try {
    found = await access.authenticate(token);
  } catch (error) {
    attempt.unanswered();
    throw error;
  }
  if (found.known) attempt.known();
  else if (!attempt.unknown()) throw tooManyFailures();
  return found;
}

/** The browser forgets it as well, so that its next requests cost no attempt. */
function sessionEnded({ sessions }: AuthenticationOptions, request: Request): Refusal {
  return new Refusal('unauthenticated', 'The session has ended: log in again.', {
    'Set-Cookie': sessions?.end(request) ?? [],
  });
}

function tooManyFailures(): Refusal {
  return new Refusal(
    'too-many-requests',
    'Too many failed authentications with this token, or from this address: wait a while, or log in again.',
  );
}

/** @throws Refusal unauthenticated */
function callerOf(found: Authentication, challenge: string): Caller {
  if (found.known) return found.caller;
  throw new Refusal('unauthenticated', found.fault, { 'WWW-Authenticate': challenge });
}
