import { isDeepStrictEqual } from 'node:util';
import { type CredentialSource, type CredentialsReference, type TlsMaterial } from '../../domain/credentials';
import { type Outbound } from '../../http/outbound/outbound';
import { type ApiAccess, type Pacer } from '../port';

/** Opens the way to these hosts, each `host[:port]`, and to no others. */
export type OpenOutbound = (hosts: readonly string[], tls: TlsMaterial) => Outbound;

/** Binds a reference to the credentials that it stands for, to be read for each request. */
export type BindApiAccess = (reference: CredentialsReference) => ApiAccess;

/** Each request reads the credentials; connections are kept for as long as the TLS material stays the same. */
export function createApiAccess(credentials: CredentialSource, openOutbound: OpenOutbound): BindApiAccess {
  return (reference) => {
    let open: { readonly tls: TlsMaterial; readonly outbound: Outbound } | undefined;
    return async () => {
      const { token, username, account, forget, tls } = await credentials(reference);
      if (open === undefined || !isDeepStrictEqual(open.tls, tls))
        open = { tls, outbound: openOutbound(reference.hosts, tls) };
      return {
        token,
        ...(username === undefined ? {} : { username }),
        ...(account === undefined ? {} : { account }),
        ...(forget === undefined ? {} : { forget }),
        outbound: open.outbound,
      };
    };
  };
}

/** The same, for requests that wait for their turn. */
export function withPacer(bind: BindApiAccess, pacer: Pacer): BindApiAccess {
  return (reference) => {
    const access = bind(reference);
    return async () => ({ ...(await access()), pacer });
  };
}
