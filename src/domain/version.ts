import semver from 'semver';

/**
 * Compares two versions by semver precedence (https://semver.org, 11).
 * @returns negative, 0 or positive; undefined where semver has no order for them: one is not semver, or they differ
 *   in build metadata only.
 */
export function compareVersions(a: string, b: string): number | undefined {
  if (a === b) return 0;
  const left = semver.parse(a, { loose: true });
  const right = semver.parse(b, { loose: true });
  if (left === null || right === null) return undefined;
  const order = left.compare(right);
  return order === 0 ? undefined : order;
}

/** How far a promotion moves an environment, for the reviewer of its pull request. */
export type Jump = 'major' | 'minor' | 'patch' | 'prerelease' | 'downgrade' | 'none' | 'unknown';

export function jumpBetween(from: string, to: string): Jump {
  if (from === to) return 'none';
  const order = compareVersions(from, to);
  if (order === undefined) return 'unknown';
  if (order > 0) return 'downgrade';
  const kind = semver.diff(semver.clean(from, { loose: true }) ?? from, semver.clean(to, { loose: true }) ?? to);
  switch (kind) {
    case 'major':
    case 'minor':
    case 'patch':
      return kind;
    case 'premajor':
      return 'major';
    case 'preminor':
      return 'minor';
    case 'prepatch':
      return 'patch';
    default:
      return 'prerelease';
  }
}
