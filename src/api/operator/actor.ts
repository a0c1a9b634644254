import { type Actor } from '../../domain/people/actor';
import { type Asking } from './operator-request';

/** A token is in a history for each act: issuers put hundreds of groups into theirs. */
const mostGroups = 100;
const mostGroupBytes = 4_096;

/**
 * Who acts, for histories, records and capabilities.
 * @param named groups that decide something, which come first
 */
export function actorOf({ caller, from }: Asking, named: readonly string[] = []): Actor {
  const groups = boundedGroups(caller.groups, named);
  return {
    name: caller.name,
    ...(groups.length === 0 ? {} : { groups }),
    via: caller.via,
    from,
  };
}

function boundedGroups(all: readonly string[], named: readonly string[]): readonly string[] {
  const first = all.filter((group) => named.includes(group));
  const kept: string[] = [];
  let bytes = 0;
  for (const group of new Set([...first, ...all])) {
    const length = Buffer.byteLength(group);
    if (kept.length === mostGroups) break;
    if (bytes + length > mostGroupBytes) continue;
    bytes += length;
    kept.push(group);
  }
  return kept;
}
