import semver from 'semver';

const parse = (version: string) => semver.parse(version, { loose: true });

/**
 * Compares two versions by semver precedence (https://semver.org, 11).
 * @returns negative, 0 or positive; undefined if semver has no order for them: one is not semver, or they differ
 *   in build metadata or a leading `v` only.
 */
export function compareVersions(a: string, b: string): number | undefined {
  if (a === b) return 0;
  const left = parse(a);
  const right = parse(b);
  if (left === null || right === null) return undefined;
  const order = left.compare(right);
  return order === 0 ? undefined : order;
}

/** How far a promotion moves an environment, for the reviewer of its pull request. */
export type Jump = 'major' | 'minor' | 'patch' | 'prerelease' | 'downgrade' | 'none' | 'unknown';

/**
 * The first part of the version that differs: `2.0.0-rc.1` is a major jump from `1.9.0`, and a `prerelease` jump from
 * `2.0.0`, because only the pre-release changes.
 */
export function jumpBetween(from: string, to: string): Jump {
  if (from === to) return 'none';
  const left = parse(from);
  const right = parse(to);
  if (left === null || right === null) return 'unknown';
  const order = left.compare(right);
  if (order === 0) return 'unknown';
  if (order > 0) return 'downgrade';
  if (left.major !== right.major) return 'major';
  if (left.minor !== right.minor) return 'minor';
  if (left.patch !== right.patch) return 'patch';
  return 'prerelease';
}
