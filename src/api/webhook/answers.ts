import { type IgnoreCode, ignoreReasons } from '../../flux/ignore-reasons';

interface AnswerKind {
  readonly status: number;
  /** When the webhook gives it, in Markdown, for the documentation. */
  readonly when: string;
}

export interface RefusalKind extends AnswerKind {
  /** For the sender; a function if it depends on a value. Short, because Flux copies it into a Kubernetes Event. */
  readonly sentence: string | ((value: string) => string);
  /** A header of the answer, with this value. */
  readonly header?: readonly [name: string, value: (value: string) => string];
  /**
   * Whether it counts as a failed request of the client's address: not if the sender has the key, or the error is ours.
   */
  readonly countsAsFailure: boolean | 'unless-signed';
}

/** The closed set of answers that reject the request. */
export const refusals = {
  'bad-path': {
    status: 400,
    sentence: 'the path has a malformed percent escape.',
    countsAsFailure: true,
    when: 'The path has a malformed percent escape',
  },
  incomplete: {
    status: 400,
    sentence: 'the body is incomplete.',
    countsAsFailure: true,
    when: 'The sender closed the connection before its body was complete',
  },
  unauthorized: {
    status: 401,
    sentence:
      'the signature is missing or wrong, or there is no such pipeline: the log of windlass says which.',
    countsAsFailure: true,
    when: 'Signature missing, malformed or wrong, no such pipeline, no key: one answer for all',
  },
  'unauthorized-delivery': {
    status: 401,
    sentence:
      'the signature or token is missing or wrong, or no pipeline has this repository: the log of windlass says which.',
    countsAsFailure: true,
    when: "A repository's webhook: signature or token missing or wrong, no such repository, no secret: one answer for all",
  },
  'no-such-route': {
    status: 404,
    sentence: 'no such path: post to /promotion/{namespace}/{pipeline}/{environment}.',
    countsAsFailure: true,
    when: 'Another path than the above',
  },
  'wrong-method': {
    status: 405,
    sentence: (allowed) => `this path accepts only ${allowed}.`,
    header: ['Allow', (allowed) => allowed],
    countsAsFailure: true,
    when: 'Not a POST',
  },
  'too-large': {
    status: 413,
    sentence: (maxBytes) => `the body is larger than ${maxBytes} bytes.`,
    countsAsFailure: true,
    when: "The body is larger than `--promotion-hook-max-body`, or from a repository's webhook than 1 MiB",
  },
  'encoded-body': {
    status: 415,
    sentence: 'send the body without Content-Encoding.',
    header: ['Accept-Encoding', () => 'identity'],
    countsAsFailure: true,
    when: 'The body has a Content-Encoding',
  },
  'nothing-to-approve': {
    status: 409,
    sentence: 'no promotion of that revision into that environment is in progress.',
    countsAsFailure: false,
    when: 'An approval: no promotion of that revision into that environment is in progress',
  },
  'approval-refused': {
    status: 409,
    sentence: (says) => says,
    countsAsFailure: false,
    when: 'An approval: the promotion does not wait for it, for example because it has it',
  },
  unprocessable: {
    status: 422,
    sentence: (fault) => fault,
    countsAsFailure: 'unless-signed',
    when: "The event is malformed, or not this pipeline's; an approval: the body is empty, of another revision or not of the last 5 minutes",
  },
  'too-many-events': {
    status: 429,
    sentence: 'too many events from this environment of this pipeline: try again later.',
    countsAsFailure: false,
    when: 'More events from this environment than the rate limit',
  },
  'too-many-failures': {
    status: 429,
    sentence: 'too many failed requests from this address: try again later.',
    countsAsFailure: false,
    when: 'Too many failed requests from this address',
  },
  internal: {
    status: 500,
    sentence: 'an internal error in windlass: try again.',
    countsAsFailure: false,
    when: 'Unexpected internal error',
  },
  'too-busy': {
    status: 503,
    sentence: 'too many requests at once: try again.',
    countsAsFailure: false,
    when: 'The bodies or connections of all requests together had no room for this one',
  },
  'no-worker': {
    status: 503,
    sentence: 'no worker of windlass answers at the moment: try again.',
    countsAsFailure: false,
    when: 'An approval: no worker took it within 6 s',
  },
  'temporal-unavailable': {
    status: 503,
    sentence: 'cannot record the event at the moment: try again.',
    countsAsFailure: false,
    when: 'Temporal did not record the event within 6 s',
  },
  'store-unavailable': {
    status: 503,
    sentence: 'cannot record the event at the moment: try again.',
    countsAsFailure: false,
    when: 'Pipelines and Secrets cannot be read',
  },
} as const satisfies Record<string, RefusalKind>;

export type RefusalCode = keyof typeof refusals;

/** The result in one word: the label `reason` of the metrics, `outcome` in the log. Part of the interface. */
export type AnswerCode =
  'accepted' | 'recorded' | 'approved' | 'hint' | 'other-delivery' | IgnoreCode | RefusalCode;

const ignored = (code: IgnoreCode): AnswerKind => ({ status: 202, when: ignoreReasons[code].when });

/** Every answer of the webhook. */
export const answers: Readonly<Record<AnswerCode, AnswerKind>> = {
  accepted: {
    status: 202,
    when: 'The event is recorded in Temporal; also for one that was there already',
  },
  recorded: {
    status: 202,
    when: 'The event promotes nothing, but the lane has recorded what it says: what the last environment runs, or the result of a test',
  },
  approved: {
    status: 200,
    when: 'The approval was given to the promotion that waits because of `manual: true`',
  },
  hint: {
    status: 202,
    when: "A repository's webhook: what follows its pull requests looks at them now",
  },
  'other-delivery': {
    status: 202,
    when: "A repository's webhook: an event that is not about pull requests, such as GitHub's ping",
  },
  'not-a-promotion': ignored('not-a-promotion'),
  stale: ignored('stale'),
  'last-environment': ignored('last-environment'),
  'no-promotion': ignored('no-promotion'),
  ...refusals,
};
