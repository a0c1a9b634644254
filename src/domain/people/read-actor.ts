/** Who acts, as a client sends it: read with bounds, since anyone who reaches Temporal can have written it. */
import { readGroups, readName } from '../approvals/decision';
import { type Actor, isVouching } from './actor';
import { readAddress } from './address';

const fieldNames = ['name', 'groups', 'via', 'from'];

/** @returns undefined: it is none */
export function readActor(input: unknown): Actor | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const fields: Readonly<Record<string, unknown>> = { ...input };
  if (Object.keys(fields).some((name) => !fieldNames.includes(name))) return undefined;
  const name = readName(fields['name']);
  const groups = readGroups(fields['groups'] ?? []);
  const { via } = fields;
  const from = readAddress(fields['from']);
  if (name === undefined || groups === undefined || !isVouching(via) || from === undefined) return undefined;
  return {
    name,
    ...(groups.length === 0 ? {} : { groups }),
    via,
    ...(from === '' ? {} : { from }),
  };
}
