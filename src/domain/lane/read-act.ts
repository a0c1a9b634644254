/** Acts and other messages to a lane, as clients send them: read with bounds, since anyone can have written them. */
import { readComment } from '../approvals/decision';
import { clipText } from '../names';
import { readActor } from '../people/read-actor';
import { type LaneAct, type NotOnward } from './lane-act';

const fieldNames = [
  'kind',
  'version',
  'actor',
  'at',
  'reason',
  'key',
  'capability',
  'source',
  'next',
] as const satisfies readonly (keyof LaneAct)[];
const kinds: readonly string[] = [
  'promote',
  'rollback',
  'retry',
  'cancel',
] satisfies readonly LaneAct['kind'][];

/** As the webhook takes them. */
const longestVersion = 256;
const longestEnvironment = 253;
/** A token that names a person with 200 groups. */
const longestCapability = 32_768;
/** As of an event: how far the clock of `api` can be ahead of Temporal's. */
const clockAheadMs = 5 * 60_000;

export type ActReading =
  { readonly ok: true; readonly act: LaneAct } | { readonly ok: false; readonly fault: string };

/**
 * @param input as a client sent it
 * @param now milliseconds since the epoch
 * @returns the act with trimmed texts, or a sentence that says what is wrong with it
 */
export function readAct(input: unknown, now: number): ActReading {
  const fields: Readonly<Record<string, unknown>> =
    typeof input === 'object' && input !== null ? { ...input } : {};
  const unknown = Object.keys(fields).find((name) => !(fieldNames as readonly string[]).includes(name));
  if (unknown !== undefined) {
    return refuse(`"${clipText(unknown, 64)}" is not a field: use ${fieldNames.join(', ')}.`);
  }
  const kind = fields['kind'];
  if (!isKind(kind)) return refuse(`"kind" must be one of ${kinds.join(', ')}.`);
  const version = fields['version'];
  if (version !== undefined && !isVersion(version))
    return refuse('"version" must be a version, without spaces.');
  if (version === undefined && kind !== 'retry') return refuse('"version" is missing: name the version.');
  const actor = readActor(fields['actor']);
  if (actor === undefined) return refuse('"actor" must say who acts, and what vouches for the name.');
  const at = fields['at'];
  if (!isTime(at, now)) return refuse('"at" must be a time, in milliseconds since the epoch.');
  const key = fields['key'];
  if (typeof key !== 'string' || !/^[0-9a-f]{32}$/.test(key)) return refuse('"key" must be 32 hex digits.');
  const reason = readComment(fields['reason'] ?? '');
  if (reason === undefined) return refuse('"reason" must be a text of up to 1000 characters.');
  const { capability, source, next } = fields;
  if (capability !== undefined && !isCapability(capability)) return refuse('"capability" must be a token.');
  if (source !== undefined && !isEnvironment(source)) return refuse('"source" must be an environment.');
  if (next !== undefined && !isEnvironment(next)) return refuse('"next" must be an environment.');
  return {
    ok: true,
    act: {
      kind,
      ...(version === undefined ? {} : { version }),
      actor,
      at,
      ...(reason === '' ? {} : { reason }),
      key,
      ...(capability === undefined ? {} : { capability }),
      ...(source === undefined ? {} : { source }),
      ...(next === undefined ? {} : { next }),
    },
  };
}

/** @returns undefined: it is none */
export function readNotOnward(input: unknown, now: number): NotOnward | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const { version, at }: Readonly<Record<string, unknown>> = { ...input };
  return isVersion(version) && isTime(at, now) ? { version, at } : undefined;
}

function refuse(fault: string): ActReading {
  return { ok: false, fault };
}

function isKind(kind: unknown): kind is LaneAct['kind'] {
  return typeof kind === 'string' && kinds.includes(kind);
}

function isVersion(version: unknown): version is string {
  return typeof version === 'string' && version.length <= longestVersion && /^[^\p{C}\p{Z}]+$/u.test(version);
}

function isEnvironment(name: unknown): name is string {
  return (
    typeof name === 'string' && name.length <= longestEnvironment && /^[^\p{C}\p{Zl}\p{Zp}]+$/u.test(name)
  );
}

/** Not far ahead: what it orders could otherwise never be followed by anything. */
function isTime(at: unknown, now: number): at is number {
  return typeof at === 'number' && Number.isSafeInteger(at) && at >= 0 && at <= now + clockAheadMs;
}

function isCapability(token: unknown): token is string {
  return typeof token === 'string' && token.length <= longestCapability && /^[\x21-\x7e]+$/.test(token);
}
