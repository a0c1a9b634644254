/** Decisions with what the API vouches for. Workflows see that something is there; activities verify it before they act. */
import { type Vouching } from '../people/actor';
import { readAddress } from '../people/read-address';

export interface Vouched {
  readonly via?: Vouching;
  /** The address of the client, for the record. */
  readonly from?: string;
  readonly capability?: string;
}

const vouchings: readonly string[] = ['kubernetes', 'oidc', 'token', 'signature'] satisfies Vouching[];
/** As long as tokens get, and without white space. */
const token = /^[\w.-]{1,16384}$/;

/** @param fields as a client sent them @returns undefined: they are invalid */
export function readVouching(fields: Readonly<Record<string, unknown>>): Vouched | undefined {
  const { via, capability } = fields;
  const from = readAddress(fields['from']);
  if (from === undefined) return undefined;
  if (via !== undefined && !(typeof via === 'string' && vouchings.includes(via))) return undefined;
  if (capability !== undefined && !(typeof capability === 'string' && token.test(capability)))
    return undefined;
  return {
    ...(via === undefined ? {} : { via: via as Vouching }),
    ...(from === '' ? {} : { from }),
    ...(capability === undefined ? {} : { capability }),
  };
}

/** Those that count. @param needed whether only what the API vouches for does */
export function thatCount<T extends Vouched>(decisions: readonly T[], needed: boolean): readonly T[] {
  return needed ? decisions.filter(({ capability }) => capability !== undefined) : decisions;
}

/** Why a decision without it is not taken. @param command what does the same with the API: `approve apps/shop prod 1.2.3` */
export function notVouchedFor(command: string): string {
  return `Nothing vouches for who sends this: Temporal does not know people. Use windlass ${command}, or the API.`;
}
