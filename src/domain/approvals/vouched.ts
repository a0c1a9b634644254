/** Decisions with what the API vouches for. Workflows see that something is there; activities verify it before they act. */
import { isVouching, type Vouching } from '../people/actor';
import { readAddress } from '../people/address';

export interface Vouched {
  /** What vouches for the name. Absent: the sender of the update. */
  readonly via?: Vouching;
  /** What the API vouches for: a claim of `src/domain/capability`. */
  readonly capability?: string;
}

/** As long as tokens get, and without white space. */
const token = /^[\w.-]{1,16384}$/;

/** What the API knows of a decision besides, for the record. */
export interface Origin {
  /** The address of the client. */
  readonly from?: string;
  /** 32 hex digits: the same act twice has the same key. */
  readonly key?: string;
}

/** Of a decision: what only the API sends. */
export const vouchedFieldNames = [
  'via',
  'capability',
  'from',
  'key',
] as const satisfies readonly (keyof (Vouched & Origin))[];

/** @param fields as a client sent them @returns undefined: they are invalid */
export function readVouching({
  via,
  capability,
  from,
  key,
}: Readonly<Record<string, unknown>>): (Vouched & Origin) | undefined {
  if (via !== undefined && !isVouching(via)) return undefined;
  if (capability !== undefined && !(typeof capability === 'string' && token.test(capability)))
    return undefined;
  const address = readAddress(from);
  if (address === undefined) return undefined;
  if (key !== undefined && !(typeof key === 'string' && /^[0-9a-f]{32}$/.test(key))) return undefined;
  return {
    ...(via === undefined ? {} : { via }),
    ...(capability === undefined ? {} : { capability }),
    ...(address === '' ? {} : { from: address }),
    ...(key === undefined ? {} : { key }),
  };
}

export const notFromTheApi = '"via", "capability", "from" and "key" are not what the API sends.';

/** Those that count. @param needed whether only what the API vouches for does */
export function thatCount<T extends Vouched>(decisions: readonly T[], needed: boolean): readonly T[] {
  return needed ? decisions.filter(({ capability }) => capability !== undefined) : decisions;
}

/** Why a decision without it is not taken. @param command what does the same with the API: `approve apps/shop prod 1.2.3` */
export function notVouchedFor(command: string): string {
  return `Nothing vouches for who sends this: Temporal does not know people. Use windlass ${command}, or the API.`;
}
