import { type Receipt } from './receive-event';
import { problemBody, problemContentType } from '../../http/serving/problem';

/** One answer of the webhook, with what the operator learns of it. */
export interface Answer {
  readonly status: number;
  /** One word of a closed set, for metrics and logs. */
  readonly code: string;
  readonly contentType: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether it counts against the client's address. */
  readonly isFailure: boolean;
  /** What the log says besides; asked for after the answer is sent. */
  readonly log: () => AnswerLog;
}

interface AnswerLog {
  readonly detail?: string;
  /** The first 12 hex digits of the event's identity, as in the promotion's workflow id. */
  readonly event?: string;
  readonly version?: string;
}

const identityDigits = 12;

/** An answer that refuses the request. `detail` is for whoever sent it. */
export function refusal(
  status: number,
  code: string,
  detail: string,
  extra: Partial<Pick<Answer, 'headers' | 'isFailure' | 'log'>> = {},
): Answer {
  return {
    status,
    code,
    contentType: problemContentType,
    body: problemBody(status, detail),
    headers: {},
    isFailure: true,
    log: () => ({ detail }),
    ...extra,
  };
}

/** The answer that tells the sender what became of its event. */
export function answerTo(receipt: Receipt): Answer {
  switch (receipt.outcome) {
    case 'accepted': {
      const { identity, version } = receipt.event;
      const log = { event: identity.slice(0, identityDigits), version };
      return accepted('accepted', { status: 'accepted', lane: receipt.lane, event: identity }, log);
    }
    case 'ignored':
      return accepted(
        receipt.code,
        { status: 'ignored', reason: receipt.reason },
        { detail: receipt.reason },
      );
    case 'refused': {
      const { status, code, detail, isFailure, log } = receipt;
      return refusal(status, code, detail, { isFailure, log: () => ({ detail: log() }) });
    }
  }
}

function accepted(code: string, body: Readonly<Record<string, string>>, log: AnswerLog): Answer {
  return {
    status: 202,
    code,
    contentType: 'application/json',
    body: JSON.stringify(body),
    headers: {},
    isFailure: false,
    log: () => log,
  };
}
