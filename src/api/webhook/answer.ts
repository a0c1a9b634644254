import { type AnswerCode, type RefusalCode, type RefusalKind, answers, refusals } from './answers';
import { type ApprovalReceipt } from './receive-approval';
import { type Receipt } from './receive-event';
import { problemBody, problemContentType } from '../../http/serving/problem';

/** One answer of the webhook, with the details for the operator. */
export interface Answer {
  readonly status: number;
  /** For metrics and logs. */
  readonly code: AnswerCode;
  readonly contentType: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether it counts as a failed request of the client's address. */
  readonly isFailure: boolean;
  /** More fields for the log; called after the answer is sent. */
  readonly log: () => AnswerLog;
}

interface AnswerLog {
  readonly detail?: string;
  /** The first 12 hex digits of the event's identity, as in the promotion's workflow id. */
  readonly event?: string;
  readonly version?: string;
}

const identityDigits = 12;

/** The value for a rejection's sentence, if the sentence needs one. */
type SentenceValue<Code extends RefusalCode> = (typeof refusals)[Code]['sentence'] extends string
  ? []
  : [value: string];

/** An answer that rejects the request. */
export function refusal<Code extends RefusalCode>(code: Code, ...[value = '']: SentenceValue<Code>): Answer {
  const { status, sentence, header }: RefusalKind = refusals[code];
  const detail = typeof sentence === 'string' ? sentence : sentence(value);
  return {
    status,
    code,
    contentType: problemContentType,
    body: problemBody(status, detail),
    headers: header === undefined ? {} : { [header[0]]: header[1](value) },
    isFailure: countsAsFailure(code, false),
    log: () => ({ detail }),
  };
}

function countsAsFailure(code: RefusalCode, signed: boolean): boolean {
  const { countsAsFailure: counts }: RefusalKind = refusals[code];
  return counts === 'unless-signed' ? !signed : counts;
}

/** The answer for the result of a verified event. */
export function answerTo(receipt: Receipt): Answer {
  switch (receipt.outcome) {
    case 'accepted': {
      const { identity, version } = receipt.event;
      const log = { event: identity.slice(0, identityDigits), version };
      return acknowledgement('accepted', { status: 'accepted', lane: receipt.lane, event: identity }, log);
    }
    case 'recorded': {
      const { lane, meaning, fact } = receipt;
      const about = { event: fact.identity.slice(0, identityDigits), version: fact.version };
      const log = { ...about, detail: meaning };
      return acknowledgement('recorded', { status: 'recorded', lane, meaning }, log);
    }
    case 'ignored': {
      const { code, reason } = receipt;
      return acknowledgement(code, { status: 'ignored', reason }, { detail: reason });
    }
    case 'unprocessable': {
      const { outcome, fault, signed } = receipt;
      return { ...refusal(outcome, fault), isFailure: countsAsFailure(outcome, signed) };
    }
    case 'too-many-events':
      return refusal(receipt.outcome);
    case 'unauthorized':
    case 'temporal-unavailable':
    case 'store-unavailable': {
      const { why } = receipt;
      return { ...refusal(receipt.outcome), log: () => ({ detail: why() }) };
    }
  }
}

/** The answer for the result of a verified approval. */
export function answerToApproval(receipt: ApprovalReceipt): Answer {
  switch (receipt.outcome) {
    case 'approved': {
      const { promotion, version } = receipt;
      return acknowledgement('approved', { status: 'approved', promotion }, { version });
    }
    case 'unprocessable': {
      const { outcome, fault, signed } = receipt;
      return { ...refusal(outcome, fault), isFailure: countsAsFailure(outcome, signed) };
    }
    case 'approval-refused':
      return refusal(receipt.outcome, receipt.says);
    case 'too-many-events':
    case 'nothing-to-approve':
    case 'no-worker':
      return refusal(receipt.outcome);
    case 'unauthorized':
    case 'temporal-unavailable':
    case 'store-unavailable': {
      const { why } = receipt;
      return { ...refusal(receipt.outcome), log: () => ({ detail: why() }) };
    }
  }
}

/** An answer that accepts the request. */
export function acknowledgement(
  code: Exclude<AnswerCode, RefusalCode>,
  body: Readonly<Record<string, string>>,
  log: AnswerLog,
): Answer {
  return {
    status: answers[code].status,
    code,
    contentType: 'application/json',
    body: JSON.stringify(body),
    headers: {},
    isFailure: false,
    log: () => log,
  };
}
