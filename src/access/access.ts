/** Who calls the API, and what they may do. */
import { type Actor } from '../domain/people/actor';
import { type Place, type Verb } from '../domain/people/rights';

export interface Caller extends Omit<Actor, 'from'> {
  readonly groups: readonly string[];
  /** Of a Kubernetes user, for its own checks of rights. */
  readonly uid?: string;
  readonly extra?: Readonly<Record<string, readonly string[]>>;
  /** What the person should know about the token, as a sentence: why rights of groups do not apply. */
  readonly warning?: string;
}

export type Authentication =
  | { readonly known: true; readonly caller: Caller }
  /** @property fault a sentence for the person, which names no secret and says what to do */
  | { readonly known: false; readonly fault: string };

/** Knows the people of one source, whose names have a prefix of their own. */
export interface Authenticator {
  /**
   * @param token the bearer token of a request
   * @returns undefined: the token is none of this authenticator's, so another one may know it
   * @throws AccessUnavailable
   */
  authenticate(token: string): Promise<Authentication | undefined>;
}

export interface Authorizer {
  /** Whether the caller may do that there. @throws AccessUnavailable */
  allows(caller: Caller, verb: Verb, place: Place): Promise<boolean>;
}

/**
 * What decides does not answer: nothing is allowed meanwhile, and the request can be repeated. The message is a sentence for
 * the caller, who may be anyone: the log says more.
 */
export class AccessUnavailable extends Error {
  override readonly name = 'AccessUnavailable';
}

/** All authenticators and what decides about rights, as one. */
export interface Access extends Authorizer {
  /** @param token the bearer token of a request; undefined: there was none. @throws AccessUnavailable */
  authenticate(token: string | undefined): Promise<Authentication>;
}
