/** A person opens gates of one promotion, as a client sends it: read with bounds, since anyone can have written it. */
import { clipText } from '../names';
import { readComment, readGroups, readName } from './decision';
import { notFromTheApi, type Origin, readVouching, type Vouched, vouchedFieldNames } from './vouched';

/** The input of the update `override`. */
export interface OverrideInput extends Vouched, Origin {
  /** Must be the version that waits. */
  readonly version: string;
  /** Names of gates, see docs/gates.md. */
  readonly gates: readonly string[];
  /** Who decides. The sender of the update vouches for the name. */
  readonly by: string;
  /** Shown in the Pipeline's Events. */
  readonly reason: string;
  /** The groups that this person is in, for the record. */
  readonly groups?: readonly string[];
}

const fieldNames = ['version', 'gates', 'by', 'reason'];
/** Only the API sends them. */
const apiFieldNames: readonly string[] = ['groups', ...vouchedFieldNames];

export type OverrideReading =
  { readonly ok: true; readonly override: OverrideInput } | { readonly ok: false; readonly fault: string };

/**
 * @param input as a client sent it
 * @param known the names of the gates that can be opened
 * @returns the override with trimmed texts, or a sentence that says what is wrong with it
 */
export function readOverride(input: unknown, version: string, known: readonly string[]): OverrideReading {
  const fields: Readonly<Record<string, unknown>> =
    typeof input === 'object' && input !== null ? { ...input } : {};
  const isKnown = (name: string): boolean => [...fieldNames, ...apiFieldNames].includes(name);
  const unknown = Object.keys(fields).find((name) => !isKnown(name));
  if (unknown !== undefined) {
    return refuse(`"${clipText(unknown, 64)}" is not a field: use ${fieldNames.join(', ')}.`);
  }
  if (fields['version'] !== version) {
    return refuse(`This promotion is of ${version}: name it as "version".`);
  }
  const { gates } = fields;
  if (!Array.isArray(gates) || gates.length === 0 || !gates.every((name) => known.includes(String(name)))) {
    return refuse(`"gates" must be a list with some of ${known.join(', ')}.`);
  }
  const by = readName(fields['by']);
  if (by === undefined) return refuse('"by" must name the person.');
  const reason = readComment(fields['reason']);
  if (reason === undefined || reason === '') {
    return refuse('"reason" must say why, in up to 1000 characters.');
  }
  const groups = readGroups(fields['groups'] ?? []);
  if (groups === undefined) return refuse('"groups" must be a list of names.');
  const vouching = readVouching(fields);
  if (vouching === undefined) return refuse(notFromTheApi);
  return {
    ok: true,
    override: {
      version,
      gates: [...new Set(gates.map(String))],
      by,
      reason,
      ...(groups.length === 0 ? {} : { groups }),
      ...vouching,
    },
  };
}

function refuse(fault: string): OverrideReading {
  return { ok: false, fault };
}
