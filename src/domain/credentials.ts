/** What a credentials Secret holds, as Flux's GitRepository Secrets spell it plus the API's `token`. */

/** A Secret's decoded values, byte for byte. */
export type SecretData = Readonly<Record<string, Uint8Array>>;

export interface TlsMaterial {
  /** PEM of the authorities to trust besides the system's. */
  readonly ca?: string;
  /** PEM of a client certificate and its key. */
  readonly client?: { readonly certificate: string; readonly key: string };
}

export interface Credentials {
  readonly basic?: { readonly username: string; readonly password: string };
  readonly bearerToken?: string;
  readonly ssh?: { readonly identity: string; readonly knownHosts: string; readonly passphrase?: string };
  readonly tls: TlsMaterial;
  /** For the provider's API. */
  readonly token?: string;
}

/**
 * Reads a Secret as Flux does (https://fluxcd.io/flux/components/source/gitrepositories/#secret-reference).
 * Values are trimmed of surrounding white space: a trailing newline is never part of these credentials.
 */
export function parseCredentials(data: SecretData): Credentials {
  const text = (key: string): string | undefined => {
    const bytes = data[key];
    if (bytes === undefined) return undefined;
    const value = new TextDecoder().decode(bytes).trim();
    return value === '' ? undefined : value;
  };
  const username = text('username');
  const password = text('password');
  const identity = text('identity');
  const bearerToken = text('bearerToken');
  const token = text('token');
  const ca = text('ca.crt') ?? text('caFile');
  const certificate = text('tls.crt') ?? text('certFile');
  const key = text('tls.key') ?? text('keyFile');
  return {
    ...(username !== undefined && password !== undefined ? { basic: { username, password } } : {}),
    ...(bearerToken === undefined ? {} : { bearerToken }),
    ...(identity === undefined
      ? {}
      : {
          ssh: {
            identity: `${identity}\n`,
            knownHosts: `${text('known_hosts') ?? ''}\n`,
            ...(password === undefined ? {} : { passphrase: password }),
          },
        }),
    tls: {
      ...(ca === undefined ? {} : { ca }),
      ...(certificate !== undefined && key !== undefined ? { client: { certificate, key } } : {}),
    },
    ...(token === undefined ? {} : { token }),
  };
}
