/** Who acts. It is in workflow histories and audit records: add fields as optional ones. */

/** What vouches for the name: an authenticator of the API, or the signature of an event's key. */
export const vouchings = ['kubernetes', 'oidc', 'token', 'signature'] as const;

export type Vouching = (typeof vouchings)[number];

/** @param via as a client sent it */
export function isVouching(via: unknown): via is Vouching {
  return vouchings.some((each) => each === via);
}

export interface Actor {
  /** With the prefix of its authenticator: `oidc:alice`. Compared as it is. */
  readonly name: string;
  readonly groups?: readonly string[];
  readonly via: Vouching;
  /** The address of the client. */
  readonly from?: string;
}
