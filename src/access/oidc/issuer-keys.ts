import { createLocalJWKSet, errors, type JWTVerifyGetKey, type LocalJWKSet } from 'jose';
import { type Logger } from 'pino';
import { z } from 'zod';
import { WindlassError } from '../../domain/errors';
import { isReadableOnTheWay } from '../../domain/network/plain-http';
import { type Outbound } from '../../http/outbound/outbound';
import { AccessUnavailable } from '../access';
import { KeptAnswer } from '../kept-answer';
import { OutageReport } from '../outage-report';

/** A key that the issuer withdrew is not used for longer. */
const freshMs = 10 * 60_000;
/** Between two looks for a key that is not there: anyone can send tokens that name unknown keys. */
const lookAgainMs = 30_000;

const discoverySchema = z.looseObject({ issuer: z.string(), jwks_uri: z.url() });
const keySetSchema = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })).max(200) });

export interface IssuerKeysOptions {
  /** As in the claim `iss`. */
  readonly issuer: string;
  /** A client that can reach these hosts. */
  readonly outboundTo: (hosts: readonly string[]) => Outbound;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** A monotonic clock in milliseconds. */
  readonly now?: () => number;
}

/**
 * The public keys of an OpenID Connect issuer, found by its discovery document and read again when it rotates them
 * (https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig).
 */
export class IssuerKeys {
  readonly #keys: KeptAnswer<LocalJWKSet>;

  constructor(options: IssuerKeysOptions) {
    const outage = new OutageReport({
      log: options.log,
      what: `The keys of the issuer ${options.issuer} cannot be read`,
      message:
        'The keys of the OpenID Connect issuer cannot be read now. Repeat the request; the log of Windlass says why.',
      reason: describe,
    });
    const read = () => outage.during(() => readKeys(options));
    this.#keys = new KeptAnswer(read, options.now ?? (() => performance.now()));
  }

  /** Reads the keys before the first token comes, so that the log says early if they cannot be read. */
  readSoon(): void {
    void this.#keys.notOlderThan(freshMs).catch(() => undefined);
  }

  /** The key that a token names. @throws AccessUnavailable if the issuer does not answer; JOSEError if it has no such key */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    const keys = await this.#keys.notOlderThan(freshMs);
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      return await (
        await this.#keys.notOlderThan(lookAgainMs)
      )(header, token);
    }
  };
}

/** What is wrong with an answer of the issuer, as a sentence. */
class UnexpectedIssuer extends Error {
  override readonly name = 'UnexpectedIssuer';
}

async function readKeys({ issuer, outboundTo }: IssuerKeysOptions): Promise<LocalJWKSet> {
  const read = async (url: URL, what: string): Promise<unknown> => {
    const answer = await outboundTo([url.host]).fetch(url, { headers: { accept: 'application/json' } });
    if (answer.status !== 200) throw new UnexpectedIssuer(`${url.href} answers ${answer.status}.`);
    return answer.json().catch(() => {
      throw new UnexpectedIssuer(`${url.href} is not ${what}, because it is not JSON.`);
    });
  };
  const place = new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  const discovery = discoverySchema.safeParse(await read(place, 'a discovery document'));
  if (!discovery.success) throw new UnexpectedIssuer(`${place.href} is not a discovery document.`);
  if (discovery.data.issuer !== issuer) {
    throw new UnexpectedIssuer(
      `${place.href} says that the issuer is ${JSON.stringify(discovery.data.issuer.slice(0, 200))}: set --oidc-issuer-url to exactly that.`,
    );
  }
  const keysUrl = new URL(discovery.data.jwks_uri);
  if (isReadableOnTheWay(keysUrl)) {
    throw new UnexpectedIssuer(
      `${keysUrl.host} serves the keys over plain HTTP, where anyone on the way can replace them.`,
    );
  }
  const keys = keySetSchema.safeParse(await read(keysUrl, 'a set of keys'));
  if (!keys.success) throw new UnexpectedIssuer(`${keysUrl.href} is not a set of keys.`);
  return createLocalJWKSet(keys.data);
}

function describe(error: unknown): string {
  const next = 'Check --oidc-issuer-url, and --oidc-ca-file if its certificate is from a private CA.';
  if (error instanceof WindlassError) return `${error.fault} ${next}`;
  if (error instanceof UnexpectedIssuer) return `${error.message} ${next}`;
  if (error instanceof AccessUnavailable) return error.message;
  return `its keys cannot be used (${error instanceof Error ? error.name : 'unknown'}). ${next}`;
}
