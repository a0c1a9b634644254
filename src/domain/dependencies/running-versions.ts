/** What the targets of an environment run, as they reported it to a lane, and whether that is what another pipeline needs. */
import semver from 'semver';
import { type LaneState, type Report } from '../lane/lane-state';
import { type Environment, findHop, findHopInto, type Pipeline } from '../pipeline/pipeline';

/** The lane that knows what an environment runs, by the environment that it promotes into, and where in its state. */
export interface VersionsSource {
  readonly into: string;
  readonly list: 'running' | 'reports';
}

/** @returns undefined: no lane knows it, because nothing is promoted into the environment or out of it */
export function versionsSource(pipeline: Pipeline, environment: string): VersionsSource | undefined {
  if (findHopInto(pipeline, environment) !== undefined) return { into: environment, list: 'running' };
  const lookup = findHop(pipeline, environment);
  return lookup.found ? { into: lookup.hop.to.name, list: 'reports' } : undefined;
}

export interface Judgement {
  readonly met: boolean;
  /** Follows the environment's name and a colon; without a full stop. */
  readonly found: string;
}

/**
 * Whether every target runs a version in the range. What is not known does not count.
 * @param application the HelmRelease's name
 * @param range of versions, as of npm
 */
export function judgeVersions(
  { targets }: Pick<Environment, 'targets'>,
  application: string,
  reports: LaneState['reports'],
  range: string,
): Judgement {
  if (targets.length === 0) return { met: false, found: 'has no targets' };
  const namespaces = [...new Set(targets.map(({ namespace }) => namespace))];
  const heard = namespaces.map((namespace) => {
    const expected = targets.filter((target) => target.namespace === namespace).length;
    return { expected, reports: reportsOf(`${namespace}/${application}`, expected, reports) };
  });
  const missing = heard.reduce((sum, each) => sum + Math.max(0, each.expected - each.reports.length), 0);
  if (missing > 0) return { met: false, found: describeMissing(missing, targets.length) };
  const versions = [...new Set(heard.flatMap((each) => each.reports.map(({ version }) => version)))];
  return { met: versions.every((version) => isWithin(version, range)), found: describeVersions(versions) };
}

/**
 * Of one HelmRelease that was installed again, the last report counts. Where clusters have one each, a report does not say
 * from which cluster it comes: then all of them count.
 */
function reportsOf(object: string, expected: number, reports: readonly Report[]): readonly Report[] {
  const own = reports.filter((report) => report.object === object);
  if (expected > 1) return own;
  return own.toSorted((a, b) => b.at - a.at).slice(0, 1);
}

/** A version that is not semantic is in no range. */
function isWithin(version: string, range: string): boolean {
  return semver.satisfies(version, range, { loose: true });
}

function describeMissing(missing: number, all: number): string {
  return all === 1
    ? 'has not reported what it runs'
    : `${all - missing} of ${all} targets have reported what they run`;
}

const mostNamed = 3;

function describeVersions(versions: readonly string[]): string {
  const named = versions.slice(0, mostNamed);
  const rest = versions.length - named.length;
  const odd = named.find((version) => semver.parse(version, { loose: true }) === null);
  return [
    `runs ${[...named, ...(rest > 0 ? [`${rest} more`] : [])].join(', ')}`,
    ...(odd === undefined ? [] : [`${odd} is not a semantic version`]),
  ].join('; ');
}
