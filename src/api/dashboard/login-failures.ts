/** Why a login did not succeed. The login page has a sentence for each: an address never holds one. */
export const loginFailures = [
  /** The person, or a rule of the issuer, said no. */
  'denied',
  /** The answer of the issuer does not belong to a login of this browser, or came too late. */
  'expired',
  /** The issuer does not answer. */
  'unavailable',
  /** The issuer refused the request of Windlass, or its answer is wrong. */
  'failed',
  /** The issuer's token does not say who the person is. */
  'unknown-person',
  /** The one-time link was used, has expired, or is in a page of another site. */
  'link',
  /** Too many failed logins. */
  'too-many',
] as const;

export type LoginFailure = (typeof loginFailures)[number];
