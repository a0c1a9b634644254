import { type FailureCode, WindlassError, type WindlassErrorOptions } from '../../domain/errors';
import { retryAfterMs } from './retry-after';

/** An answer by which a provider's API refuses a request. */
export interface RefusedAnswer {
  readonly status: number;
  /** In lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The provider's own words, redacted. */
  readonly words: string;
  /** Its JSON, as it came; undefined where it was none. */
  readonly body: unknown;
}

/** Whom an API call was for: what its failures name. */
export interface CallTarget {
  /** The API's host. */
  readonly host: string;
  /** The repository's path. */
  readonly repository: string;
}

/** A refused request, classified by its status; the provider's folder may know better. */
export class ApiRefusal extends WindlassError {
  readonly status: number;
  readonly words: string;
  /** Private, for it may echo the token, and errors are shown with all their fields. */
  readonly #body: unknown;

  /** @param known what the service's own words say, where they say more than the status */
  constructor(answer: RefusedAnswer, target: CallTarget, isRateLimit: boolean, known?: KnownRefusal) {
    const { code, fault, options }: Classified = isRateLimit
      ? rateLimited(answer, target)
      : (known ?? classify(answer, target));
    super(code, fault, options);
    this.status = answer.status;
    this.words = answer.words;
    this.#body = answer.body;
  }

  get body(): unknown {
    return this.#body;
  }
}

/** A refusal that a service's own folder classifies. */
export interface KnownRefusal {
  readonly code: FailureCode;
  /** A sentence, without the remedy. */
  readonly fault: string;
}

interface Classified extends KnownRefusal {
  readonly options?: WindlassErrorOptions;
}

/** What a refusal means on any provider. */
function classify({ status, words }: RefusedAnswer, { host, repository }: CallTarget): Classified {
  const said = `${host} answered ${status}${words === '' ? '' : ` (${words})`}`;
  if (status === 401) {
    return { code: 'bad-credentials', fault: `${said}: the token is wrong, expired or revoked.` };
  }
  if (status === 403)
    return { code: 'forbidden', fault: `${said}: the token lacks a right on ${repository}.` };
  if (status === 404) {
    return {
      code: 'repository-not-found',
      fault: `${said}: there is no ${repository}, or this token may not see it.`,
    };
  }
  const code = status === 408 || status >= 500 ? 'provider-unavailable' : 'request-refused';
  return { code, fault: `${said}.` };
}

function rateLimited({ status, headers }: RefusedAnswer, { host }: CallTarget): Classified {
  const waitMs = retryAfterMs(headers, Date.now());
  return {
    code: 'rate-limited',
    fault: `${host} answered ${status}: too many requests with this token; it asks to wait ${Math.ceil(waitMs / 1000)} seconds.`,
    options: { retryAfterMs: waitMs },
  };
}

/** @param what what came instead of the API's JSON */
export function notTheApi({ host }: CallTarget, what: string): WindlassError {
  return new WindlassError(
    'request-refused',
    `${host} answered with ${what}: this is not the API of that provider; check pull-request.type, url and apiUrl.`,
  );
}

export function notSignedIn({ host }: CallTarget, status: number): WindlassError {
  const said = `${host} answered ${status} with its sign-in page`;
  return new WindlassError('bad-credentials', `${said}: the token is wrong, expired or revoked.`);
}
