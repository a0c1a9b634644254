import { isDeepStrictEqual } from 'node:util';
import { type ManifestSet } from '../../resources/manifest-set';

/** Objects by name, such as `Pipeline apps/shop`. */
export interface ObjectChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** What differs between two readings of the same files; undefined: nothing. Names only, since Secrets are among them. */
export function objectChanges(before: ManifestSet, now: ManifestSet): ObjectChanges | undefined {
  const old = objectsOf(before);
  const current = objectsOf(now);
  const added = [...current.keys()].filter((name) => !old.has(name));
  const removed = [...old.keys()].filter((name) => !current.has(name));
  const changed = [...current].flatMap(([name, object]) => {
    const previous = old.get(name);
    const isSame = previous === undefined || previous === object || isDeepStrictEqual(previous, object);
    return isSame ? [] : [name];
  });
  return added.length + changed.length + removed.length === 0 ? undefined : { added, changed, removed };
}

/** An invalid Pipeline is there, too: as the reason why it does not count. */
function objectsOf({ pipelines, invalid, freezes, secrets }: ManifestSet): Map<string, unknown> {
  const named = (kind: string, objects: ReadonlyMap<string, unknown>) =>
    [...objects].map(([name, object]): [string, unknown] => [`${kind} ${name}`, object]);
  return new Map([
    ...named('Pipeline', invalid),
    ...named('Pipeline', pipelines),
    ...named('Freeze', freezes),
    ...named('Secret', secrets),
  ]);
}
