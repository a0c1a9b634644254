import { defaultPace } from '../../domain/budget/pace';
import { type ApiCredentials } from '../../domain/credentials';
import { redact } from '../../domain/network/redact';
import { type Outbound } from '../../http/outbound/outbound';
import { type PacedAnswer, type ProviderConnection } from '../port';
import { rateFigures } from './rate-figures';
import { ApiRefusal, type CallTarget, notSignedIn, notTheApi, type RefusedAnswer } from './refusal';
import { type RestApi } from './rest-api';
import { retryAfterMs } from './retry-after';

export interface RestRequest {
  readonly method: string;
  /** Absolute, or relative to the API's base URL; with its query. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string | number | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

export interface RestConnection {
  /** What the calls are about, as failures name it. */
  readonly repository: Pick<ProviderConnection['repository'], 'path'>;
  readonly apiUrl: string;
  readonly access: ProviderConnection['access'];
}

export interface Answer {
  readonly status: number;
  /** Its JSON; undefined where it is none. */
  readonly data: unknown;
  readonly isEmpty: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/** One request and its answer, when its pace allows: the only place that sees the token. */
export async function exchange(
  api: RestApi,
  { access }: RestConnection,
  target: CallTarget,
  request: RestRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const { outbound, pacer, account, forget, ...credentials } = await access();
  const { token } = credentials;
  const own = given(request.headers);
  const send = (): Promise<PacedExchange> =>
    transmit(api, { outbound, credentials }, { ...request, headers: own }, signal);
  const { answer, refused, isRateLimit } =
    pacer === undefined
      ? await send()
      : await pacer.send(
          {
            host: target.host,
            account: account ?? token,
            pace: api.pace ?? defaultPace,
            changes: api.isChange?.(request.method, request.url) ?? request.method !== 'GET',
          },
          signal,
          send,
        );
  // It was revoked before its end, or its App was installed again.
  if (refused?.status === 401) forget?.();
  if (refused !== undefined) throw new ApiRefusal(refused, target, isRateLimit, api.known?.(refused, target));
  const { status, isEmpty } = answer;
  const unchanged = status === 304 && own['if-none-match'] !== undefined;
  // Gitea answers a merge with 200 and nothing, where others say 204.
  const mayLackJson = status === 204 || unchanged || (request.method !== 'GET' && isEmpty);
  if (answer.data === undefined && !mayLackJson) {
    if (api.isSignIn?.(answer) === true) throw notSignedIn(target, status);
    const type = redact(answer.headers['content-type'] ?? '', secretsIn(api, credentials));
    throw notTheApi(target, `${status} and ${type === '' ? 'no content type' : type} instead of JSON`);
  }
  return answer;
}

interface PacedExchange {
  readonly answer: Answer;
  readonly refused?: RefusedAnswer;
  readonly isRateLimit: boolean;
  readonly said: PacedAnswer;
}

async function transmit(
  api: RestApi,
  { outbound, credentials }: { readonly outbound: Outbound; readonly credentials: ApiCredentials },
  { method, url, headers, body }: RestRequest,
  signal: AbortSignal,
): Promise<PacedExchange> {
  const response = await outbound.fetch(url, {
    method,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...given(headers),
      'user-agent': 'windlass',
      ...api.authorization(credentials),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal,
  });
  const { status } = response;
  const text = await response.text();
  const answer = {
    status,
    headers: Object.fromEntries(response.headers),
    data: parseJson(response, text),
    isEmpty: text === '',
  };
  if (status < 400) return { answer, isRateLimit: false, said: sayingOf(api, answer, false) };
  // Of anything but JSON, as an HTML page of a proxy, the status says it all.
  const words = redact(api.sentences(answer.data).join('; '), secretsIn(api, credentials));
  const refused = { status, headers: answer.headers, words, body: answer.data };
  const isRateLimit = status === 429 || api.isRateLimit?.(refused) === true;
  return { answer, refused, isRateLimit, said: sayingOf(api, answer, isRateLimit) };
}

/** The token, and what shows it in a header, such as the encoded name and password of HTTP Basic. */
function secretsIn(api: RestApi, credentials: ApiCredentials): readonly string[] {
  const headers = Object.values(api.authorization(credentials));
  return [credentials.token, ...headers.map((value) => value.slice(value.indexOf(' ') + 1))];
}

function sayingOf(
  { unchangedIsFree }: RestApi,
  { status, headers }: Answer,
  isRateLimit: boolean,
): PacedAnswer {
  const now = Date.now();
  const figures = rateFigures(headers, now);
  // Azure DevOps asks for it with answers that it delayed, too.
  const asksToWait = isRateLimit || (status < 400 && headers['retry-after'] !== undefined);
  return {
    isFree: status === 304 && unchangedIsFree === true,
    isTelling: status < 400,
    ...(figures === undefined ? {} : { figures }),
    ...(asksToWait ? { stopMs: retryAfterMs(headers, now) } : {}),
  };
}

/** An entity tag (RFC 9110, 8.8.3) as it is; undefined for anything else, or for more than a history should keep. */
export function entityTag(value: string | undefined): string | undefined {
  return value !== undefined && /^(W\/)?"[\x21\x23-\x7e]{1,200}"$/.test(value) ? value : undefined;
}

function given(headers: RestRequest['headers'] = {}): Record<string, string> {
  const present = Object.entries(headers).filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function parseJson({ headers }: Response, text: string): unknown {
  if (!/^application\/([\w.+-]+\+)?json\b/i.test(headers.get('content-type') ?? '')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
