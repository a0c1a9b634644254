import { errors } from 'undici';
import { WindlassError } from '../../domain/errors';

const untrusted = 'its certificate is not signed by a trusted CA';
const clientCertificate = 'it requires a client certificate';

/** What to do about TLS, after a colon. */
export interface TlsAdvice {
  readonly untrusted: string;
  readonly clientCertificate: string;
}

const inSecret: TlsAdvice = {
  untrusted: "add the CA's certificate as ca.crt to the Secret",
  clientCertificate: 'add tls.crt and tls.key to the Secret',
};
const cut = 'the connection was closed before the answer was complete';
const noRoute = 'there is no route to it';

/** Codes of Node, OpenSSL and undici, as messages for the operator. */
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens on that port (connection refused)',
  ENOTFOUND: 'the host name does not exist in DNS',
  EAI_AGAIN: 'DNS does not answer',
  ECONNRESET: cut,
  EPIPE: cut,
  UND_ERR_SOCKET: cut,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: cut,
  EHOSTUNREACH: noRoute,
  ENETUNREACH: noRoute,
  EADDRNOTAVAIL: noRoute,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet: check the clocks',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS on that port',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: clientCertificate,
  UND_ERR_ABORTED: 'the proxy refused the connection',
};

const noConnection = 'did not accept a connection';

const timeOuts: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: noConnection,
  ETIMEDOUT: noConnection,
  UND_ERR_HEADERS_TIMEOUT: 'did not answer',
  UND_ERR_BODY_TIMEOUT: 'stopped in the middle of its answer',
};

/** Classifies a failed request to `host`: network or timed-out, or a rejection of our own. */
export function networkFailure(host: string, error: unknown): WindlassError {
  const own = findInChain(error, (e) => (e instanceof WindlassError ? e : undefined));
  if (own !== undefined) return own;
  const { code, sentence } = explainNetworkError(host, error, inSecret);
  return new WindlassError(code, sentence, { cause: error });
}

/** Why a request to `host` failed. */
export interface NetworkExplanation {
  readonly code: 'network' | 'timed-out';
  readonly sentence: string;
  /** The request may have arrived, and its answer was lost. */
  readonly lost: boolean;
}

export function explainNetworkError(host: string, error: unknown, advice: TlsAdvice): NetworkExplanation {
  const code = findInChain(error, codeOf) ?? '';
  const timeOut = timeOuts[code];
  if (timeOut !== undefined) {
    const lost = timeOut !== noConnection;
    return { code: 'timed-out', sentence: `${host} ${timeOut} in time.`, lost };
  }
  const reason = reasonOf(code, error);
  const advised: Readonly<Record<string, string>> = {
    [untrusted]: advice.untrusted,
    [clientCertificate]: advice.clientCertificate,
  };
  const todo = advised[reason];
  return {
    code: 'network',
    sentence: `${host} cannot be reached: ${reason}${todo === undefined ? '' : `: ${todo}`}.`,
    lost: reason === cut,
  };
}

/** Unknown errors are reported without their message: it may quote a proxy's URL with its password. */
function reasonOf(code: string, error: unknown): string {
  const notHttp = findInChain(error, (e) => (e instanceof errors.HTTPParserError ? e : undefined));
  if (notHttp !== undefined) return 'it does not speak HTTP on that port';
  return reasons[code] ?? (code === '' && error instanceof Error ? error.name : code);
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Searches through `cause`s, and through the attempts that Node makes at each address of a host. */
function findInChain<T>(error: unknown, pick: (error: unknown) => T | undefined, depth = 0): T | undefined {
  const found = pick(error);
  if (found !== undefined || depth > 5 || !(error instanceof Error)) return found;
  if (error instanceof AggregateError) {
    for (const each of error.errors) {
      const inner = findInChain(each, pick, depth + 1);
      if (inner !== undefined) return inner;
    }
  }
  return findInChain(error.cause, pick, depth + 1);
}
