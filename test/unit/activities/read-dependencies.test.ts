import { readDependencies, type ReadLane } from '../../../src/activities/read-dependencies';
import { WindlassError } from '../../../src/domain/errors';
import { emptyLane, type LaneState } from '../../../src/domain/lane/lane-state';
import {
  type Dependency,
  findHopInto,
  formatPipelineRef,
  type Pipeline,
} from '../../../src/domain/pipeline/pipeline';
import { noon } from '../../support/events';
import { samplePipeline } from '../../support/sample-pipeline';

const shop: Pipeline = { ...samplePipeline, namespace: 'apps', name: 'shop' };
const database = (overrides: Partial<Pipeline> = {}): Pipeline => ({
  ...samplePipeline,
  namespace: 'apps',
  name: 'db',
  environments: samplePipeline.environments.map(({ name }) => ({
    name,
    targets: [{ namespace: `db-${name}` }],
  })),
  appRef: { ...samplePipeline.appRef, name: 'postgres' },
  ...overrides,
});

const on = (pipeline: Pipeline, environment = 'prod', version = '>=1.2'): Dependency => ({
  pipeline: { namespace: pipeline.namespace, name: pipeline.name },
  environment,
  version,
});

/** A lane whose targets all run this version. */
const laneWith =
  (version: string): ReadLane =>
  (pipeline, environment) => {
    const report = (object: string) => ({ reporter: object, version, at: noon, object });
    return Promise.resolve<LaneState>({
      ...emptyLane(pipeline, environment),
      running: [report('db-prod/postgres'), report('db-staging/postgres')],
      reports: [report('db-dev/postgres')],
    });
  };

interface World {
  readonly pipelines?: readonly Pipeline[];
  readonly readLane?: ReadLane;
  readonly failure?: WindlassError;
}

/** What prod of apps/shop finds of one dependency. */
async function found(
  dependency: Dependency,
  { pipelines = [database()], readLane = laneWith('1.2.0'), failure }: World = {},
): Promise<{ readonly met: boolean; readonly found: string }> {
  const store = new Map([shop, ...pipelines].map((each) => [formatPipelineRef(each), each]));
  const [reading] = await readDependencies(
    { pipeline: { namespace: 'apps', name: 'shop' }, environment: 'prod' },
    [dependency],
    {
      store: {
        pipeline: (ref) =>
          failure === undefined
            ? Promise.resolve(store.get(formatPipelineRef(ref)))
            : Promise.reject(failure),
      },
      readLane,
      dependencies: (pipeline, environment) => findHopInto(pipeline, environment)?.gates.dependsOn ?? [],
    },
  );
  const { pipeline, environment, version, ...judgement } = reading!;
  expect({ pipeline, environment, version }).toEqual({
    pipeline: formatPipelineRef(dependency.pipeline),
    environment: dependency.environment,
    version: dependency.version,
  });
  return judgement;
}

const unallowed =
  'there is no such Pipeline, or its annotation pipelines.weave.works/allow-dependents does not name apps';

describe('a dependency', () => {
  it.each(['prod', 'staging', 'dev'])('is met when %s runs a version in the range', async (environment) => {
    await expect(found(on(database(), environment))).resolves.toEqual({ met: true, found: 'runs 1.2.0' });
  });

  it('asks the lane that knows', async () => {
    const asked: string[] = [];
    const readLane: ReadLane = (pipeline, into) => {
      asked.push(`${formatPipelineRef(pipeline)} ${into}`);
      return laneWith('1.2.0')(pipeline, into);
    };
    await found(on(database(), 'prod'), { readLane });
    await found(on(database(), 'dev'), { readLane });
    expect(asked).toEqual(['apps/db prod', 'apps/db staging']);
  });

  it.each<readonly [what: string, Dependency, World, string]>([
    ['runs another version', on(database()), { readLane: laneWith('1.1.0') }, 'runs 1.1.0'],
    [
      'has no lane',
      on(database()),
      { readLane: () => Promise.resolve(undefined) },
      'has not reported what it runs',
    ],
    [
      'has a lane of 0.1',
      on(database()),
      { readLane: (pipeline, into) => Promise.resolve(emptyLane(pipeline, into)) },
      'has not reported what it runs',
    ],
    [
      'has a lane that does not answer',
      on(database()),
      { readLane: () => Promise.reject(new Error('deadline')) },
      'its lane in Temporal did not say what it runs',
    ],
    ['does not exist', on(database()), { pipelines: [] }, 'there is no such Pipeline'],
    [
      'is invalid',
      on(database()),
      { failure: new WindlassError('invalid-pipeline', 'apps/db is invalid: secret words.') },
      'that Pipeline is invalid',
    ],
    [
      'cannot be read',
      on(database()),
      { failure: new WindlassError('store-unavailable', 'Forbidden.') },
      'that Pipeline cannot be read at the moment',
    ],
    ['has no such environment', on(database(), 'live'), {}, 'that Pipeline has no such environment'],
    [
      'promotes nothing',
      on(database(), 'prod'),
      { pipelines: [database({ environments: database().environments.slice(2) })] },
      'what it runs is not recorded, because nothing is promoted into it or out of it',
    ],
    [
      'depends on the promotion',
      on(database()),
      { pipelines: [database({ gates: { dependsOn: [on(shop, 'prod')] } })] },
      'apps/shop prod depends on itself through apps/db prod → apps/shop prod',
    ],
  ])('holds the promotion if its Pipeline %s', async (_what, dependency, world, expected) => {
    await expect(found(dependency, world)).resolves.toEqual({ met: false, found: expected });
  });

  it('in another namespace must be allowed there', async () => {
    const platform = (dependents?: readonly string[]) =>
      database({ namespace: 'platform', ...(dependents === undefined ? {} : { dependents }) });
    const with_ = (pipeline: Pipeline) => found(on(platform()), { pipelines: [pipeline] });
    await expect(with_(platform())).resolves.toEqual({ met: false, found: unallowed });
    await expect(with_(platform(['app', 'shop']))).resolves.toEqual({ met: false, found: unallowed });
    await expect(with_(platform(['apps']))).resolves.toMatchObject({ met: true });
    await expect(with_(platform(['*']))).resolves.toMatchObject({ met: true });
  });

  it('in another namespace does not tell whether there is such a Pipeline', async () => {
    const hidden = { ...on(database()), pipeline: { namespace: 'platform', name: 'db' } };
    const failures = (['invalid-pipeline', 'store-unavailable'] as const).map(
      (code) => new WindlassError(code, 'Secret words.'),
    );
    for (const failure of [undefined, ...failures]) {
      const world = failure === undefined ? {} : { failure };
      await expect(found(hidden, world)).resolves.toEqual({ met: false, found: unallowed });
    }
  });
});

it('all dependencies are read at once', async () => {
  const waiting: (() => void)[] = [];
  const dependencies = [on(database(), 'staging'), on(database(), 'prod')];
  const readings = readDependencies({ pipeline: shop, environment: 'prod' }, dependencies, {
    store: { pipeline: () => Promise.resolve(database()) },
    readLane: async (pipeline, into) => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        if (waiting.length === dependencies.length) for (const each of waiting) each();
      });
      return laneWith('1.2.0')(pipeline, into);
    },
    dependencies: () => [],
  });
  await expect(readings).resolves.toMatchObject([{ met: true }, { met: true }]);
});
