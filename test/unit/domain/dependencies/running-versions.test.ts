import { judgeVersions, versionsSource } from '../../../../src/domain/dependencies/running-versions';
import { type Report } from '../../../../src/domain/lane/lane-state';
import { type Pipeline, type Target } from '../../../../src/domain/pipeline/pipeline';
import { noon } from '../../../support/events';
import { samplePipeline } from '../../../support/sample-pipeline';

const one: readonly Target[] = [{ namespace: 'db' }];
const two: readonly Target[] = [{ namespace: 'db-eu' }, { namespace: 'db-us' }];
/** Two clusters with the same namespace. */
const clusters: readonly Target[] = [
  { namespace: 'db', cluster: 'fleet/eu' },
  { namespace: 'db', cluster: 'fleet/us' },
];

const report = (
  reporter: string,
  version: string,
  { at = 0, object = 'db/postgres' }: { readonly at?: number; readonly object?: string } = {},
): Report => ({ reporter, version, at: noon + at, object });

type Case = readonly [
  what: string,
  targets: readonly Target[],
  reports: readonly Report[],
  range: string,
  met: boolean,
  found: string,
];

it.each<Case>([
  ['in the range', one, [report('a', '1.2.0')], '>=1.2', true, 'runs 1.2.0'],
  ['below the range', one, [report('a', '1.1.9')], '>=1.2', false, 'runs 1.1.9'],
  ['above the range', one, [report('a', '2.0.0')], '^1.2', false, 'runs 2.0.0'],
  ['with a leading v', one, [report('a', 'v1.3.0')], '>=1.2', true, 'runs v1.3.0'],
  ['with build metadata', one, [report('a', '1.2.0+abc')], '>=1.2', true, 'runs 1.2.0+abc'],
  ['before its release', one, [report('a', '1.3.0-rc.1')], '>=1.2', false, 'runs 1.3.0-rc.1'],
  [
    'before a release that the range names',
    one,
    [report('a', '1.3.0-rc.2')],
    '>=1.3.0-rc.1',
    true,
    'runs 1.3.0-rc.2',
  ],
  [
    'not semantic',
    one,
    [report('a', 'main-9f3a')],
    '*',
    false,
    'runs main-9f3a; main-9f3a is not a semantic version',
  ],
  ['not reported', one, [], '>=1.2', false, 'has not reported what it runs'],
  ['without targets', [], [report('a', '1.2.0')], '>=1.2', false, 'has no targets'],
  [
    'of another object',
    one,
    [report('a', '1.2.0', { object: 'db/mysql' })],
    '>=1.2',
    false,
    'has not reported what it runs',
  ],
  [
    'of an object that the first builds did not keep',
    one,
    [{ reporter: 'a', version: '1.2.0', at: noon }],
    '>=1.2',
    false,
    'has not reported what it runs',
  ],
  [
    'of a HelmRelease that was installed again',
    one,
    [report('new', '1.3.0', { at: 1_000 }), report('old', '1.0.0')],
    '>=1.2',
    true,
    'runs 1.3.0',
  ],
  [
    'lowered by installing it again',
    one,
    [report('old', '1.3.0'), report('new', '1.0.0', { at: 1_000 })],
    '>=1.2',
    false,
    'runs 1.0.0',
  ],
  [
    'in every target',
    two,
    [report('a', '1.2.0', { object: 'db-eu/postgres' }), report('b', '1.3.0', { object: 'db-us/postgres' })],
    '>=1.2',
    true,
    'runs 1.2.0, 1.3.0',
  ],
  [
    'in one target only',
    two,
    [report('a', '1.2.0', { object: 'db-eu/postgres' }), report('b', '1.1.0', { object: 'db-us/postgres' })],
    '>=1.2',
    false,
    'runs 1.2.0, 1.1.0',
  ],
  [
    'reported by one target only, by two HelmReleases',
    two,
    [report('a', '1.2.0', { object: 'db-eu/postgres' }), report('b', '1.3.0', { object: 'db-eu/postgres' })],
    '>=1.2',
    false,
    '1 of 2 targets have reported what they run',
  ],
  [
    'reported by one cluster only',
    clusters,
    [report('a', '1.2.0')],
    '>=1.2',
    false,
    '1 of 2 targets have reported what they run',
  ],
  ['in both clusters', clusters, [report('a', '1.2.0'), report('b', '1.2.0')], '>=1.2', true, 'runs 1.2.0'],
  [
    'in one of two clusters that installed it twice',
    clusters,
    [report('eu-1', '1.2.0', { at: 1 }), report('us', '1.0.0'), report('eu-2', '1.2.0', { at: 2 })],
    '>=1.2',
    false,
    'runs 1.2.0, 1.0.0',
  ],
])('what runs %s: %#', (_what, targets, reports, range, met, found) => {
  expect(judgeVersions({ targets }, 'postgres', reports, range)).toEqual({ met, found });
});

it('names no more than a few versions', () => {
  const targets = Array.from({ length: 5 }, (_, index) => ({ namespace: `db-${index}` }));
  const reports = targets.map(({ namespace }, index) =>
    report(namespace, `1.${index}.0`, { object: `${namespace}/postgres` }),
  );
  expect(judgeVersions({ targets }, 'postgres', reports, '>=1').found).toBe(
    'runs 1.0.0, 1.1.0, 1.2.0, 2 more',
  );
});

it('the lane into an environment knows what it runs; of the first one, the lane into the second', () => {
  expect(versionsSource(samplePipeline, 'prod')).toEqual({ into: 'prod', list: 'running' });
  expect(versionsSource(samplePipeline, 'staging')).toEqual({ into: 'staging', list: 'running' });
  expect(versionsSource(samplePipeline, 'dev')).toEqual({ into: 'staging', list: 'reports' });
});

it('no lane knows an environment that nothing is promoted into or out of', () => {
  const { promotion: _none, ...unconfigured } = samplePipeline;
  const alone: Pipeline = { ...samplePipeline, environments: samplePipeline.environments.slice(2) };
  for (const pipeline of [unconfigured, alone]) expect(versionsSource(pipeline, 'prod')).toBeUndefined();
  // What only its own block promotes into is known by its own lane, and the one before it by the same lane.
  const [dev, staging, prod] = samplePipeline.environments;
  const own: Pipeline = {
    ...unconfigured,
    environments: [dev!, staging!, { ...prod!, promotion: samplePipeline.promotion! }],
  };
  expect(versionsSource(own, 'staging')).toEqual({ into: 'prod', list: 'reports' });
  expect(versionsSource(own, 'dev')).toBeUndefined();
});
