/** A message for people about a promotion or a freeze. It is in workflow histories: add fields as optional ones. */
import { clipText } from '../names';

interface NoticeKind {
  /** How its message begins: Alerts select by it, so it is an interface. */
  readonly heading: string;
  /** The reason of its event. */
  readonly reason: string;
  /** As Flux's events have it: `error` where something went wrong. */
  readonly severity: 'info' | 'error';
  /** Only for Pipelines that ask for it. */
  readonly routine?: true;
  /** What the event is about, and so the kind that an Alert names. */
  readonly about: 'Promotion' | 'Freeze';
  /** When it is sent, in Markdown, for the documentation. */
  readonly meaning: string;
}

/** The closed set of all notices. */
export const noticeKinds = {
  'approval-needed': {
    heading: 'Approval needed',
    reason: 'ApprovalNeeded',
    severity: 'info',
    about: 'Promotion',
    meaning:
      'A promotion begins to wait for people; again when approvals that it had no longer count, because of a later push or their age',
  },
  'tests-failed': {
    heading: 'Tests failed',
    reason: 'TestsFailed',
    severity: 'error',
    about: 'Promotion',
    meaning: 'The Helm tests of the version failed in the source environment',
  },
  overridden: {
    heading: 'Gates overridden',
    reason: 'GatesOverridden',
    severity: 'info',
    about: 'Promotion',
    meaning: 'A person opened gates for one promotion, with a reason',
  },
  'merged-outside-gates': {
    heading: 'Merged outside gates',
    reason: 'MergedOutsideGates',
    severity: 'error',
    about: 'Promotion',
    meaning: 'A pull request was merged while gates were closed',
  },
  failed: {
    heading: 'Promotion failed',
    reason: 'Failed',
    severity: 'error',
    about: 'Promotion',
    meaning: 'A promotion gave up',
  },
  quarantined: {
    heading: 'Promotion quarantined',
    reason: 'Quarantined',
    severity: 'error',
    about: 'Promotion',
    meaning: 'A promotion gave up, because its attempts ended the process that they ran in',
  },
  expired: {
    heading: 'Promotion expired',
    reason: 'Expired',
    severity: 'error',
    about: 'Promotion',
    meaning: 'A promotion waited longer than `gates.expireAfter`',
  },
  'rolled-back': {
    heading: 'Rolled back',
    reason: 'RolledBack',
    severity: 'error',
    about: 'Promotion',
    meaning: 'The environment went back to another version after the merge',
  },
  merged: {
    heading: 'Merged',
    reason: 'Merged',
    severity: 'info',
    routine: true,
    about: 'Promotion',
    meaning: 'A pull request was merged',
  },
  deployed: {
    heading: 'Deployed',
    reason: 'Deployed',
    severity: 'info',
    routine: true,
    about: 'Promotion',
    meaning: 'All targets of the environment run the version',
  },
  'freeze-made': {
    heading: 'Frozen',
    reason: 'FreezeMade',
    severity: 'info',
    about: 'Freeze',
    meaning: 'A freeze was made',
  },
  'freeze-ended': {
    heading: 'Freeze ended',
    reason: 'FreezeEnded',
    severity: 'info',
    about: 'Freeze',
    meaning: 'A freeze was ended or deleted before its time',
  },
} as const satisfies Record<string, NoticeKind>;

export type NoticeName = keyof typeof noticeKinds;

/** What receivers can show beside the message: for Alertmanager, names of labels. */
export type NoticeField =
  | 'pipeline'
  | 'environment'
  | 'fromEnvironment'
  | 'version'
  | 'previousVersion'
  | 'pullRequest'
  | 'approvers'
  | 'by'
  | 'code'
  | 'until'
  | 'command'
  | 'promotion';

export interface Notice {
  readonly kind: NoticeName;
  readonly namespace: string;
  /** Of the Pipeline or the Freeze. */
  readonly name: string;
  /** With its heading. Another fact about the same object has another message: the notification-controller drops equal ones. */
  readonly message: string;
  readonly fields: Readonly<Partial<Record<NoticeField, string>>>;
  /** When it happened, milliseconds since the epoch. */
  readonly at: number;
  /** Of the promotion that it is about, from which the worker that sends it makes the address of its page. */
  readonly promotionId?: string;
}

/** Chats cut longer ones. */
const messageBytes = 2_048;
const fieldBytes = 1_024;

/** @param said after the heading, on one line */
export function noticeOf(
  kind: NoticeName,
  { namespace, name }: Pick<Notice, 'namespace' | 'name'>,
  said: string,
  fields: Readonly<Partial<Record<NoticeField, string | undefined>>>,
  at: number,
): Notice {
  const known = Object.entries(fields).flatMap(([key, value]) =>
    value === undefined ? [] : [[key, fit(value, fieldBytes)] as const],
  );
  return {
    kind,
    namespace,
    name,
    message: fit(`${noticeKinds[kind].heading}: ${said}`, messageBytes),
    fields: Object.fromEntries(known),
    at,
  };
}

/** @param pageOf the address of a promotion's page; undefined: it is not known */
export function withPage(notice: Notice, pageOf: ((promotionId: string) => string) | undefined): Notice {
  const { promotionId, fields } = notice;
  if (promotionId === undefined || pageOf === undefined) return notice;
  // Not cut: an address that is cut leads nowhere. Ids are bounded.
  return { ...notice, fields: { ...fields, promotion: pageOf(promotionId) } };
}

function fit(text: string, maxBytes: number): string {
  const line = text.replaceAll(/\s+/gu, ' ').replaceAll(unreadable, '').trim();
  return clipText(withoutMarkup(line), maxBytes);
}

/** Controls, and characters that change the direction of the text around them. */
const unreadable = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Discord looks for the first ones within words as well, and an address of e-mail is no mention. */
const mention = /@(?=everyone|here|channel|(?:all|room)\b)|(?<![\p{L}\p{N}_])@/giu;

/**
 * A reason or an error must not call anyone in a channel, or show a link as another one: Slack reads `<!channel>`, Google Chat
 * `<users/all>`, Discord `@everyone`, Matrix `@room`, Zulip `@**all**` and `@*group*`, several `[text](address)`
 * (https://docs.slack.dev/messaging/formatting-message-text, https://docs.discord.com/developers/reference#message-formatting,
 * https://spec.matrix.org/latest/client-server-api/#user-and-room-mentions, https://zulip.com/help/mention-a-user-or-group).
 */
function withoutMarkup(text: string): string {
  return text
    .replaceAll(/<(?=[!@#a-z])/giu, '‹')
    .replaceAll(mention, '@\u200b')
    .replaceAll('](', ']\u200b(');
}
