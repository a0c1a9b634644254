import semver from 'semver';

const parse = (version: string) => semver.parse(version, { loose: true });

/**
 * Compares two versions by semver precedence (https://semver.org, 11).
 * @returns negative, 0 or positive; undefined where semver has no order for them: one is not semver, they differ in build
 *   metadata or a leading `v` only, or in a commit's hash (`0.0.0-9f3a1b2`)
 */
export function compareVersions(a: string, b: string): number | undefined {
  if (a === b) return 0;
  const left = parse(a);
  const right = parse(b);
  if (left === null || right === null || differInHash(left, right)) return undefined;
  const order = left.compare(right);
  return order === 0 ? undefined : order;
}

/** As lanes compared before 0.2: commit hashes had an order, too. Kept for the histories of running lanes. */
export function compareVersionsWithHashes(a: string, b: string): number | undefined {
  if (a === b) return 0;
  const left = parse(a);
  const right = parse(b);
  return left === null || right === null ? undefined : left.compare(right) || undefined;
}

const hash = /^(?:g|sha-)?[0-9a-f]{7,64}$/;

/** Whether the first thing in which two versions differ is a commit's hash; digits alone may as well be a date. */
function differInHash(left: semver.SemVer, right: semver.SemVer): boolean {
  if (left.compareMain(right) !== 0) return false;
  const identifiers = [left, right].map(({ prerelease }) => prerelease.map(String));
  const [a = [], b = []] = identifiers;
  const at = a.findIndex((identifier, index) => identifier !== b[index]);
  const [one = '', other = ''] = [a[at], b[at]];
  return hash.test(one) && hash.test(other) && /[a-f]/.test(one + other);
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
  if (left === null || right === null || differInHash(left, right)) return 'unknown';
  const order = left.compare(right);
  if (order === 0) return 'unknown';
  if (order > 0) return 'downgrade';
  if (left.major !== right.major) return 'major';
  if (left.minor !== right.minor) return 'minor';
  if (left.patch !== right.patch) return 'patch';
  return 'prerelease';
}
