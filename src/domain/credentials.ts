/**
 * What a credentials Secret holds, as Flux's GitRepository Secrets spell it plus the API's `token`; and the reference
 * that a promotion carries in its stead.
 */
import { type ProviderType } from './pipeline/pipeline';

/** Where a promotion's credentials are. Nothing in it is secret. */
export interface CredentialsReference {
  readonly namespace: string;
  readonly secretName: string;
  /** Whose tokens they are. */
  readonly provider: ProviderType;
  /** The hosts that follow from the repository's URL, each `host[:port]`: where these credentials may go. */
  readonly hosts: readonly string[];
}

/** Who makes a request to a provider's API. */
export interface ApiCredentials {
  readonly token: string;
  /** The Secret's `username`: some services take tokens only together with the name of their user. */
  readonly username?: string;
  /** What the service counts requests by, where that is not the token: one that is exchanged changes. Secret. */
  readonly account?: string;
  /** Where the token is kept: what to call when the service refuses it, for the next one to be another. */
  readonly forget?: () => void;
}

/** A token that was obtained with what a Secret has in place of one. */
export interface ExchangedToken {
  readonly token: string;
  /** It was refused: it is not kept any longer. */
  readonly forget: () => void;
}

/**
 * Reads today's credentials, for the one call that needs them.
 * @throws WindlassError credentials-missing, store-unavailable
 */
export type CredentialSource = (reference: CredentialsReference) => Promise<PromotionCredentials>;

/** A Secret's decoded values, byte for byte. */
export type SecretData = Readonly<Record<string, Uint8Array>>;

export interface TlsMaterial {
  /** PEM certificates of CAs to trust in addition to the system's. */
  readonly ca?: string;
  /** PEM of a client certificate and its key. */
  readonly client?: { readonly certificate: string; readonly key: string };
}

export interface Credentials {
  readonly basic?: { readonly username: string; readonly password: string };
  readonly bearerToken?: string;
  /** `knownHosts` is empty if the Secret has none: an unknown SSH server must not be trusted. */
  readonly ssh?: { readonly identity: string; readonly knownHosts: string; readonly passphrase?: string };
  readonly tls: TlsMaterial;
  /** For the provider's API. */
  readonly token?: string;
  readonly username?: string;
}

/** Credentials that serve for both: Git, and the provider's API. */
export interface PromotionCredentials extends Credentials, ApiCredentials {
  readonly token: string;
}

/**
 * Reads a Secret with the keys that Flux reads
 * (https://fluxcd.io/flux/components/source/gitrepositories/#secret-reference). Unlike Flux, it trims white space
 * around a value: a newline at the end is the most frequent mistake in such Secrets. User name and password can end
 * with a space, so only line ends are trimmed.
 */
export function parseCredentials(data: SecretData): Credentials {
  const read = (key: string, clean: (value: string) => string): string | undefined => {
    const bytes = data[key];
    if (bytes === undefined) return undefined;
    const value = clean(new TextDecoder().decode(bytes));
    return value === '' ? undefined : value;
  };
  const text = (key: string) => read(key, (value) => value.trim());
  const line = (key: string) => read(key, (value) => value.replace(/[\r\n]+$/, ''));
  const username = line('username');
  const password = line('password');
  const identity = text('identity');
  const bearerToken = text('bearerToken');
  const token = text('token');
  const ca = text('ca.crt') ?? text('caFile');
  const certificate = text('tls.crt') ?? text('certFile');
  const key = text('tls.key') ?? text('keyFile');
  const knownHosts = text('known_hosts');
  return {
    ...(username !== undefined && password !== undefined ? { basic: { username, password } } : {}),
    ...(bearerToken === undefined ? {} : { bearerToken }),
    ...(identity === undefined
      ? {}
      : {
          ssh: {
            identity: `${identity}\n`,
            knownHosts: knownHosts === undefined ? '' : `${knownHosts}\n`,
            ...(password === undefined ? {} : { passphrase: password }),
          },
        }),
    tls: {
      ...(ca === undefined ? {} : { ca }),
      ...(certificate !== undefined && key !== undefined ? { client: { certificate, key } } : {}),
    },
    ...(token === undefined ? {} : { token }),
    ...(username === undefined ? {} : { username }),
  };
}
