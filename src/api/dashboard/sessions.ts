/** Who is logged in to the dashboard. The browser keeps it, sealed, so that every replica knows it without a database. */
import { type Request } from 'express';
import { z } from 'zod';
import { type Caller } from '../../access/access';
import { type Cookie, type CookieSite, createCookie, isPlainLoopback, longestCookie } from './cookies';
import { createSealer, type Sealer } from './sealed-text';

/** A working day. */
const longestMs = 8 * 60 * 60_000;

/** By a token, which is authenticated again with each request. */
interface TokenSession {
  readonly kind: 'token';
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** By OpenID Connect: who the verified ID token named at the login. */
interface PersonSession {
  readonly kind: 'person';
  readonly caller: Caller;
  readonly until: number;
}

export type Session = TokenSession | PersonSession;

/** A token that no cookie has room for. */
export class TokenTooLong extends Error {
  override readonly name = 'TokenTooLong';
}

export interface Sessions {
  /** @returns undefined: the request has none; `ended`: it has one that does not count any more */
  read(request: Request): Session | 'ended' | undefined;
  /** @param until when the token expires, if that is known @returns the headers `Set-Cookie` @throws TokenTooLong */
  beginWithToken(request: Request, token: string, until?: number): string[];
  /** @returns the headers `Set-Cookie` */
  beginAs(request: Request, caller: Caller): string[];
  /** @returns the headers `Set-Cookie` */
  end(request: Request): string[];
}

export interface SessionsOptions extends CookieSite {
  /** The first seals, all open. */
  readonly keys: () => readonly Uint8Array[];
  /** Says which issuer vouches for people, and how they are named: a session that began under another one has ended. */
  readonly issuer: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** It began over plain HTTP on the browser's machine, and is good there alone: every server of that machine sees its cookie. */
const loopback = z.literal(true).optional();

const contentSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('token'), token: z.string(), until: z.number(), loopback }),
  z.object({
    kind: z.literal('person'),
    name: z.string(),
    groups: z.array(z.string()),
    warning: z.string().optional(),
    issuer: z.string(),
    until: z.number(),
    loopback,
  }),
]);

type Content = z.output<typeof contentSchema>;

export function createSessions(options: SessionsOptions): Sessions {
  const { issuer, now } = options;
  const sealer = createSealer(options.keys, 'session');
  const cookie = createCookie('session', options);
  return {
    read(request) {
      const text = cookie.read(request);
      if (text === undefined) return undefined;
      const content = contentSchema.safeParse(sealer.open(text)?.value).data;
      if (content === undefined || content.until <= now()) return 'ended';
      if (content.loopback === true && !isPlainLoopback(request)) return 'ended';
      if (content.kind === 'token') return content;
      return content.issuer === issuer ? personOf(content) : 'ended';
    },
    beginWithToken(request, token, expires = Infinity) {
      const begun = now();
      const until = Math.min(begun + longestMs, expires);
      const sealed = sealer.seal({ kind: 'token', token, until, ...placeOf(request) } satisfies Content);
      if (sealed.length > longestCookie) {
        throw new TokenTooLong(
          `The token has ${token.length} characters, more than a browser keeps: let its issuer name fewer groups, or use the command line.`,
        );
      }
      return write(cookie, request, sealed, until - begun);
    },
    beginAs(request, caller) {
      if (issuer === undefined) throw new Error('No issuer vouches for people.');
      const until = now() + longestMs;
      return write(
        cookie,
        request,
        sealPerson(sealer, caller, { issuer, until, ...placeOf(request) }),
        longestMs,
      );
    },
    end: (request) => cookie.erase(request),
  };
}

function write(cookie: Cookie, request: Request, sealed: string, ms: number): string[] {
  return cookie.write(request, sealed, Math.max(0, Math.floor(ms / 1_000)));
}

function placeOf(request: Request): Pick<Content, 'loopback'> {
  return isPlainLoopback(request) ? { loopback: true } : {};
}

function personOf({ name, groups, warning, until }: Extract<Content, { kind: 'person' }>): PersonSession {
  const caller: Caller = { name, groups, via: 'oidc', ...(warning === undefined ? {} : { warning }) };
  return { kind: 'person', caller, until };
}

/** With as many groups as a browser keeps: 200 of Entra ID's, which are random, fit. Who has more is warned. */
function sealPerson(
  sealer: Sealer,
  { name, groups, warning }: Caller,
  rest: Pick<Extract<Content, { kind: 'person' }>, 'issuer' | 'until' | 'loopback'>,
): string {
  for (let kept = groups.length; ; kept = Math.floor(kept * 0.9)) {
    const all = kept === groups.length;
    const said = all
      ? warning
      : `The issuer names ${groups.length} groups, and only the first ${kept} fit into a browser's cookie: let the issuer name only the groups that matter here.`;
    const content: Content = {
      kind: 'person',
      name,
      groups: groups.slice(0, kept),
      ...(said === undefined ? {} : { warning: said }),
      ...rest,
    };
    const sealed = sealer.seal(content);
    if (sealed.length <= longestCookie || kept === 0) return sealed;
  }
}
