/** Login at the issuer: what the browser keeps while it is there, and who came back. */
import { type Request } from 'express';
import { z } from 'zod';
import { AccessUnavailable, type Caller } from '../../access/access';
import { type CodeFlow, LoginRefused, type PendingLogin } from '../../access/oidc/code-flow';
import { type Cookie, createCookie, type CookieSite } from './cookies';
import { type LoginFailure } from './login-failures';
import { createSealer, type Sealer } from './sealed-text';

/** With a second factor, and a password that has to be looked up. */
const longestMs = 15 * 60_000;

const pendingSchema = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  returnTo: z.string(),
  until: z.number(),
});

/** A step of the login: where the browser goes next, and the headers `Set-Cookie`. */
export interface LoginStep {
  readonly location: string;
  readonly cookies: string[];
}

/** A login that the browser of the request began. */
export interface OpenLogin {
  readonly pending: PendingLogin;
  readonly returnTo: string;
  /** The headers `Set-Cookie` with which it ends. */
  readonly cookies: string[];
}

export interface FailedLogin {
  readonly failure: LoginFailure;
  /** For the log; it has what the issuer says, and no secret. */
  readonly reason: string;
  readonly returnTo: string;
  readonly cookies: string[];
}

export type CodeLoginEnd =
  { readonly caller: Caller; readonly returnTo: string; readonly cookies: string[] } | FailedLogin;

export interface CodeLoginOptions extends CookieSite {
  readonly flow: CodeFlow;
  readonly dashboardUrl: string;
  readonly keys: () => readonly Uint8Array[];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export class CodeLogin {
  readonly #options: CodeLoginOptions;
  readonly #sealer: Sealer;
  readonly #cookie: Cookie;

  constructor(options: CodeLoginOptions) {
    this.#options = options;
    this.#sealer = createSealer(options.keys, 'login');
    this.#cookie = createCookie('login', options);
  }

  /** As people know it. */
  get issuerName(): string {
    return new URL(this.#options.flow.issuer).host;
  }

  /** @param returnTo a path of the dashboard @throws AccessUnavailable */
  async begin(request: Request, returnTo: string): Promise<LoginStep> {
    const { url, pending } = await this.#options.flow.begin(this.#redirectUri);
    const until = this.#options.now() + longestMs;
    const sealed = this.#sealer.seal({ ...pending, returnTo, until } satisfies z.input<typeof pendingSchema>);
    return { location: url.href, cookies: this.#cookie.write(request, sealed, longestMs / 1_000) };
  }

  /** Asks no one. */
  open(request: Request): OpenLogin | FailedLogin {
    const text = this.#cookie.read(request);
    const pending = pendingSchema.safeParse(
      text === undefined ? undefined : this.#sealer.open(text)?.value,
    ).data;
    const cookies = this.#cookie.erase(request);
    const returnTo = pending?.returnTo ?? '/';
    if (pending === undefined || pending.until <= this.#options.now()) {
      const reason = 'This browser began no login that is still open.';
      return { failure: 'expired', reason, returnTo, cookies };
    }
    return { pending, returnTo, cookies };
  }

  /** @param identify whose an ID token is */
  async end(
    request: Request,
    { pending, returnTo, cookies }: OpenLogin,
    identify: (idToken: string) => Promise<{ readonly caller: Caller } | { readonly fault: string }>,
  ): Promise<CodeLoginEnd> {
    const failed = (failure: LoginFailure, reason: string): FailedLogin => ({
      failure,
      reason,
      returnTo,
      cookies,
    });
    try {
      const query = request.originalUrl.split('?').slice(1).join('?');
      const idToken = await this.#options.flow.finish(this.#redirectUri, query, pending);
      const found = await identify(idToken);
      return 'caller' in found
        ? { caller: found.caller, returnTo, cookies }
        : failed('unknown-person', found.fault);
    } catch (error) {
      if (error instanceof AccessUnavailable) return failed('unavailable', error.message);
      if (!(error instanceof LoginRefused)) throw error;
      return failed(error.reason === 'invalid' ? 'expired' : error.reason, error.message);
    }
  }

  get #redirectUri(): string {
    return `${this.#options.dashboardUrl}/auth/callback`;
  }
}
