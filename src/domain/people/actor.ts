/** Who acts. It is in workflow histories and audit records: add fields as optional ones. */

/** What vouches for the name: an authenticator of the API, or the signature of an event's key. */
export type Vouching = 'kubernetes' | 'oidc' | 'token' | 'signature';

export interface Actor {
  /** With the prefix of its authenticator: `oidc:alice`. Compared as it is. */
  readonly name: string;
  readonly groups?: readonly string[];
  readonly via: Vouching;
  /** The address of the client. */
  readonly from?: string;
}
