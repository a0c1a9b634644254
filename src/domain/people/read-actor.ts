/** Who acts, as a client sends it: read with bounds, since anyone who reaches Temporal can have written it. */
import { readGroups, readName } from '../approvals/decision';
import { type Actor, type Vouching } from './actor';
import { readAddress } from './address';

const fieldNames = ['name', 'groups', 'via', 'from'];
const vouchings: readonly string[] = [
  'kubernetes',
  'oidc',
  'token',
  'signature',
] satisfies readonly Vouching[];

/** @returns undefined: it is none */
export function readActor(input: unknown): Actor | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const fields: Readonly<Record<string, unknown>> = { ...input };
  if (Object.keys(fields).some((name) => !fieldNames.includes(name))) return undefined;
  const name = readName(fields['name']);
  const groups = readGroups(fields['groups'] ?? []);
  const via = readVouching(fields['via']);
  const from = readAddress(fields['from']);
  if (name === undefined || groups === undefined || via === undefined || from === undefined) return undefined;
  return {
    name,
    ...(groups.length === 0 ? {} : { groups }),
    via,
    ...(from === '' ? {} : { from }),
  };
}

/** @returns undefined: not a known one */
export function readVouching(via: unknown): Vouching | undefined {
  return typeof via === 'string' && isVouching(via) ? via : undefined;
}

function isVouching(via: string): via is Vouching {
  return vouchings.includes(via);
}
