/** Tokens that are obtained with what a Secret has in place of one, kept until shortly before they end. */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import {
  type CredentialsReference,
  type ExchangedToken,
  parseCredentials,
  type SecretData,
} from '../../domain/credentials';
import { type ExpiringToken, type ProviderModule } from '../port';
import { type OpenOutbound } from './api-access';

/** One for each Secret and repository's host. */
const keptTokens = 1_000;
/** A call that begins now takes no longer; a token that lives for less than twice as long is used for half of its life. */
const marginMs = 5 * 60_000;

/**
 * @returns undefined where the Secret has nothing to obtain a token with
 * @throws WindlassError credentials-missing, and whatever keeps the token from being obtained
 */
export type ExchangedTokens = (
  reference: CredentialsReference,
  data: SecretData,
) => Promise<ExchangedToken | undefined>;

interface KeptToken extends ExpiringToken {
  /** Milliseconds since the epoch: from then on, a new one is obtained. */
  readonly renewAt: number;
}

export function createExchangedTokens(
  moduleOf: (type: CredentialsReference['provider']) => Pick<ProviderModule, 'tokenExchange'>,
  open: OpenOutbound,
): ExchangedTokens {
  const kept = new LRUCache<string, KeptToken>({ max: keptTokens });
  /** All who ask meanwhile get the same answer, and the same failure. */
  const exchanges = new Map<string, Promise<KeptToken>>();

  const given = (key: string, { token }: KeptToken): ExchangedToken => ({
    token,
    forget: () => {
      // Others may have noticed before, and have a new one.
      if (kept.get(key)?.token === token) kept.delete(key);
    },
  });

  return async (reference, data) => {
    const exchange = moduleOf(reference.provider).tokenExchange?.(data);
    if (exchange === undefined) return undefined;
    const key = keyOf(reference, data);
    const known = kept.get(key);
    if (known !== undefined && Date.now() < known.renewAt) return given(key, known);
    const obtain = async (): Promise<KeptToken> => {
      const outbound = open([...reference.hosts, ...exchange.hosts], parseCredentials(data).tls);
      const token = withRenewal(await exchange.obtain(outbound));
      kept.set(key, token);
      return token;
    };
    const running = exchanges.get(key) ?? obtain();
    exchanges.set(key, running);
    try {
      return given(key, await running);
    } finally {
      if (exchanges.get(key) === running) exchanges.delete(key);
    }
  };
}

function withRenewal(token: ExpiringToken): KeptToken {
  const life = token.expiresAt - Date.now();
  return { ...token, renewAt: token.expiresAt - Math.min(marginMs, life / 2) };
}

/** Changes with every byte of the Secret, and shows none. */
function keyOf({ namespace, secretName, provider, hosts }: CredentialsReference, data: SecretData): string {
  const hash = createHash('sha256');
  const values = Object.keys(data)
    .sort()
    .flatMap((name) => [name, Buffer.from(data[name] ?? []).toString('base64')]);
  return hash.update(JSON.stringify([namespace, secretName, provider, hosts, values])).digest('base64');
}
