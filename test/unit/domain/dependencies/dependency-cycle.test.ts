import {
  type DependencyGraph,
  describeWay,
  findCycle,
} from '../../../../src/domain/dependencies/dependency-cycle';
import {
  type Dependency,
  findHopInto,
  formatPipelineRef,
  type Pipeline,
  type PipelineRef,
} from '../../../../src/domain/pipeline/pipeline';
import { samplePipeline } from '../../../support/sample-pipeline';

const apps = (name: string): PipelineRef => ({ namespace: 'apps', name });
const on = (name: string, environment = 'prod'): Dependency => ({
  pipeline: apps(name),
  environment,
  version: '>=1',
});

/** A pipeline through dev, staging and prod, whose prod depends on these; others by environment. */
function pipeline(
  name: string,
  prod: readonly Dependency[] = [],
  { namespace = 'apps', ...more }: Partial<Pipeline> & { readonly staging?: readonly Dependency[] } = {},
): Pipeline {
  const { staging = [], ...fields } = more;
  const gates = { staging: { dependsOn: staging }, prod: { dependsOn: prod } };
  return {
    ...samplePipeline,
    environments: samplePipeline.environments.map((environment) => ({
      ...environment,
      ...(environment.name in gates ? { gates: gates[environment.name as keyof typeof gates] } : {}),
    })),
    ...fields,
    namespace,
    name,
  };
}

function graphOf(...pipelines: readonly Pipeline[]): DependencyGraph & { readonly looks: string[] } {
  const looks: string[] = [];
  return {
    looks,
    pipeline: (ref) => {
      looks.push(formatPipelineRef(ref));
      return Promise.resolve(pipelines.find((each) => formatPipelineRef(each) === formatPipelineRef(ref)));
    },
    dependencies: (of, environment) => findHopInto(of, environment)?.gates.dependsOn ?? [],
  };
}

/** From prod of apps/a. */
async function way(through: Dependency, ...pipelines: readonly Pipeline[]): Promise<string> {
  const found = await findCycle({ pipeline: apps('a'), environment: 'prod' }, through, graphOf(...pipelines));
  return typeof found === 'string' ? found : describeWay(found);
}

it.each<readonly [what: string, Dependency, readonly Pipeline[], string]>([
  ['itself', on('a'), [pipeline('a', [on('a')])], 'apps/a prod'],
  ['its own environment before', on('a', 'staging'), [pipeline('a', [on('a', 'staging')])], 'none'],
  ['one that depends on nothing', on('b'), [pipeline('a', [on('b')]), pipeline('b')], 'none'],
  [
    'one that depends on it',
    on('b'),
    [pipeline('a', [on('b')]), pipeline('b', [on('a')])],
    'apps/b prod → apps/a prod',
  ],
  [
    'one that depends on it by a third',
    on('b'),
    [pipeline('a', [on('b')]), pipeline('b', [on('c')]), pipeline('c', [on('a')])],
    'apps/b prod → apps/c prod → apps/a prod',
  ],
  [
    'one whose environment before depends on it',
    on('b'),
    [pipeline('a', [on('b')]), pipeline('b', [], { staging: [on('a')] })],
    'apps/b prod → apps/b staging → apps/a prod',
  ],
  [
    'one that depends on an environment of its own before it',
    on('b'),
    [pipeline('a', [on('b')]), pipeline('b', [on('a', 'staging')])],
    'none',
  ],
  [
    'an environment whose later one depends on it',
    on('b', 'staging'),
    [pipeline('a', [on('b', 'staging')]), pipeline('b', [on('a')])],
    'none',
  ],
  [
    'two that depend on each other, but not on it',
    on('b'),
    [pipeline('a', [on('b')]), pipeline('b', [on('c')]), pipeline('c', [on('b')])],
    'none',
  ],
  ['a Pipeline that does not exist', on('b'), [pipeline('a', [on('b')])], 'none'],
  [
    'one with an environment that does not exist',
    on('b', 'live'),
    [pipeline('a', [on('b', 'live')]), pipeline('b', [on('a')])],
    'none',
  ],
])('of %s: %s', async (_what, through, pipelines, expected) => {
  expect(await way(through, ...pipelines)).toBe(expected);
});

it('a later environment of the same pipeline leads back as well', async () => {
  const graph = graphOf(pipeline('a', [], { staging: [on('b')] }), pipeline('b', [on('a')]));
  const start = { pipeline: apps('a'), environment: 'staging' };
  const found = await findCycle(start, on('b'), graph);
  expect(typeof found === 'string' ? found : describeWay(found)).toBe('apps/b prod → apps/a prod');
});

it('does not follow what another namespace does not allow: it would name Pipelines of others', async () => {
  const elsewhere = { namespace: 'platform', name: 'db' };
  const foreign = { ...on('b'), pipeline: elsewhere };
  const pipelines = (dependents: readonly string[]) => [
    pipeline('a', [on('b')]),
    pipeline('b', [foreign]),
    pipeline('db', [on('a')], { namespace: 'platform', dependents }),
    pipeline('c'),
  ];
  expect(await way(on('b'), ...pipelines([]))).toBe('none');
  expect(await way(on('b'), ...pipelines(['apps']))).toBe('none');
  const opened = pipelines(['*']).map((each) =>
    each.name === 'a' ? { ...each, dependents: ['platform'] } : each,
  );
  expect(await way(on('b'), ...opened)).toBe('apps/b prod → platform/db prod → apps/a prod');
});

it('looks at each place once, and gives up where there are too many', async () => {
  const chain = Array.from({ length: 300 }, (_, index) =>
    pipeline(`p${index}`, [on(`p${index + 1}`), on(`p${index + 1}`)]),
  );
  expect(await way(on('p0'), ...chain)).toBe('too-many');
  expect(await way(on('p200'), ...chain)).toBe('none');
});
