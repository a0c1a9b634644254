import { WindlassError } from '../domain/errors';
import { redact } from '../domain/network/redact';
import { type Outbound } from '../http/outbound/outbound';
import { noticeEvent } from './notice-event';
import { fluxEvent } from './promotion-notification';
import { type NoticeSink, type NotificationSink } from './notification-sink';

export interface FluxEventSinkOptions {
  /** The notification-controller's URL, as in `--events-addr`; undefined: none. */
  readonly address: string | undefined;
  /** Creates an HTTP client that can call these hosts. */
  readonly outbound: (allowedHosts: readonly string[]) => Outbound;
}

/** Sends notifications and notices as Flux events to a notification-controller, which forwards them to whatever its Alerts name. */
export function createFluxEventSink({
  address,
  outbound,
}: FluxEventSinkOptions): NotificationSink & NoticeSink {
  if (address === undefined) {
    const refuse = (): Promise<void> =>
      Promise.reject(new WindlassError('events-address-missing', 'No address for notifications is set.'));
    return { send: refuse, tell: refuse };
  }
  const url = new URL(address);
  const { fetch } = outbound([url.host]);
  const post = async (event: object, signal: AbortSignal): Promise<void> => {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(event),
      signal,
    });
    const text = await answer.text();
    if (!answer.ok && !isDuplicate(answer)) throw refusal(url.host, answer, text);
  };
  return {
    send: (notification, signal) => post(fluxEvent(notification), signal),
    tell: (notice, signal) => post(noticeEvent(notice), signal),
  };
}

/**
 * The controller answers 429 to an event that it received before, within its `--rate-limit-interval`, with the end of
 * that interval as a date. The rate limit of a proxy in between is in seconds, or absent.
 */
function isDuplicate({ status, headers }: Response): boolean {
  const retryAfter = headers.get('retry-after');
  return (
    status === 429 && retryAfter !== null && !isSeconds(retryAfter) && !Number.isNaN(Date.parse(retryAfter))
  );
}

function refusal(host: string, { status, headers }: Response, text: string): WindlassError {
  const quote = redact(text).replace(/\.$/, '');
  const fault = `The notification-controller at ${host} answered ${status}${quote === '' ? '' : `: ${quote}`}.`;
  switch (status) {
    case 400:
    case 413:
    case 422:
      return new WindlassError('request-refused', fault);
    case 429: {
      const retryAfter = headers.get('retry-after') ?? '';
      const wait = isSeconds(retryAfter) ? { retryAfterMs: Number(retryAfter) * 1_000 } : {};
      return new WindlassError('rate-limited', fault, wait);
    }
    default:
      return new WindlassError('notification-failed', fault);
  }
}

function isSeconds(retryAfter: string): boolean {
  return /^\d{1,6}$/.test(retryAfter);
}
