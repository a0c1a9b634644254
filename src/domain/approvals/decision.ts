/** What a person says of a waiting promotion, as a client sends it: read with bounds, since anyone can have written it. */
import { clipText } from '../names';
import { isName, longestName } from './approval-settings';
import { notFromTheApi, type Origin, readVouching, type Vouched, vouchedFieldNames } from './vouched';

/** The input of the updates `approve` and `reject`. */
export interface DecisionInput extends Vouched, Origin {
  /** Must be the version that waits: a decision never applies to another one. */
  readonly version: string;
  /** Who decides. The sender of the update vouches for the name. */
  readonly by: string;
  /** The groups that this person is in. */
  readonly groups?: readonly string[];
  /** Kept in the history; that of a rejection is shown. */
  readonly comment?: string;
  /** The commit that was looked at. Refused if the pull request has another one. */
  readonly head?: string;
}

export interface Decision extends DecisionInput {
  readonly groups: readonly string[];
}

const fieldNames = ['version', 'by', 'groups', 'comment'];
/** Only the API sends them. */
const apiFieldNames = ['head', ...vouchedFieldNames];
const longestCommit = 128;
/** Identity providers put up to 200 groups into a token. */
const mostGroups = 200;
const longestComment = 1_000;

/** Line breaks, and characters that change the direction of the text around them. */
const notInComments = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;

export type DecisionReading =
  { readonly ok: true; readonly decision: Decision } | { readonly ok: false; readonly fault: string };

/** @param input as a client sent it @returns a decision with trimmed texts, or a sentence that says what is wrong with it */
export function readDecision(input: unknown): DecisionReading {
  const fields: Readonly<Record<string, unknown>> =
    typeof input === 'object' && input !== null ? { ...input } : {};
  const known = [...fieldNames, ...apiFieldNames];
  const unknown = Object.keys(fields).find((name) => !known.includes(name));
  if (unknown !== undefined) {
    return refuse(`"${clipText(unknown, 64)}" is not a field: use ${fieldNames.join(', ')}.`);
  }
  const { version, by, groups = [], comment = '' } = fields;
  if (typeof version !== 'string') return refuse('"version" is missing: name the version that waits.');
  const name = readName(by);
  if (name === undefined) {
    return refuse(`"by" must name the person, in 1 to ${longestName} visible characters.`);
  }
  const names = readGroups(groups);
  if (names === undefined) return refuse(`"groups" must be a list of up to ${mostGroups} names.`);
  const line = readComment(comment);
  if (line === undefined) {
    return refuse(`"comment" must be a text of up to ${longestComment} characters.`);
  }
  const { head } = fields;
  if (head !== undefined && (typeof head !== 'string' || head.length > longestCommit)) {
    return refuse('"head" must be a commit id.');
  }
  const vouching = readVouching(fields);
  if (vouching === undefined) return refuse(notFromTheApi);
  return {
    ok: true,
    decision: {
      version,
      by: name,
      groups: names,
      ...(line === '' ? {} : { comment: line }),
      ...(head === undefined ? {} : { head }),
      ...vouching,
    },
  };
}

function refuse(fault: string): DecisionReading {
  return { ok: false, fault };
}

/** On one line; undefined: not a text, or too long. */
export function readComment(comment: unknown): string | undefined {
  if (typeof comment !== 'string' || comment.length > longestComment) return undefined;
  return comment.replace(notInComments, ' ').trim();
}

/** The name of a person or group, trimmed; undefined: it is none. */
export function readName(name: unknown): string | undefined {
  if (typeof name !== 'string') return undefined;
  const trimmed = name.trim();
  return isName(trimmed) ? trimmed : undefined;
}

/** Names of groups; undefined: not a list of them, or too long. */
export function readGroups(groups: unknown): readonly string[] | undefined {
  if (!Array.isArray(groups) || groups.length > mostGroups) return undefined;
  const names = groups.map(readName);
  return names.every((name) => name !== undefined) ? names : undefined;
}
