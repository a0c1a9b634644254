/** What other pipelines run at the moment, for `gates.dependsOn`. Whatever is not known holds the promotion. */
import { allowDependentsAnnotation, allowsDependent } from '../domain/dependencies/allowed-dependents';
import {
  describeWay,
  findCycle,
  type DependencyGraph,
  type Place,
} from '../domain/dependencies/dependency-cycle';
import { type Judgement, judgeVersions, versionsSource } from '../domain/dependencies/running-versions';
import { WindlassError } from '../domain/errors';
import { type DependencyReading } from '../domain/gates/depends-on';
import { type LaneState } from '../domain/lane/lane-state';
import {
  type Dependency,
  formatPipelineRef,
  type Pipeline,
  type PipelineRef,
} from '../domain/pipeline/pipeline';
import { type PipelineStore } from '../store/pipeline-store';

/**
 * The state of the lane into an environment. @returns undefined: there is no such lane
 * @throws if it does not answer in time
 */
export type ReadLane = (pipeline: PipelineRef, environment: string) => Promise<LaneState | undefined>;

export interface DependencySources {
  readonly store: Pick<PipelineStore, 'pipeline'>;
  readonly readLane: ReadLane;
  /** What promotions into an environment depend on, the operator's policy included. */
  readonly dependencies: DependencyGraph['dependencies'];
}

/**
 * Reads all of them at once.
 * @param of the environment whose promotions depend on them
 */
export async function readDependencies(
  of: Place,
  dependencies: readonly Dependency[],
  sources: DependencySources,
): Promise<readonly DependencyReading[]> {
  const graph: DependencyGraph = {
    pipeline: async (ref) => {
      const found = await lookUp(sources.store, ref);
      return typeof found === 'string' ? undefined : found;
    },
    dependencies: sources.dependencies,
  };
  const read = async (dependency: Dependency): Promise<DependencyReading> => {
    const { pipeline, environment, version } = dependency;
    return {
      pipeline: formatPipelineRef(pipeline),
      environment,
      version,
      ...(await judge(of, dependency, sources, graph)),
    };
  };
  return Promise.all(dependencies.map(read));
}

async function judge(
  of: Place,
  dependency: Dependency,
  { store, readLane }: DependencySources,
  graph: DependencyGraph,
): Promise<Judgement> {
  const pipeline = await lookUp(store, dependency.pipeline);
  if (typeof pipeline === 'string' || !allowsDependent(pipeline, of.pipeline.namespace)) {
    const { namespace } = of.pipeline;
    // One answer, so that other namespaces do not learn which Pipelines there are.
    return dependency.pipeline.namespace === namespace && typeof pipeline === 'string'
      ? unmet(unread[pipeline])
      : unmet(
          `there is no such Pipeline, or its annotation ${allowDependentsAnnotation} does not name ${namespace}`,
        );
  }
  const environment = pipeline.environments.find(({ name }) => name === dependency.environment);
  if (environment === undefined) return unmet('that Pipeline has no such environment');

  const way = await findCycle(of, dependency, graph);
  if (way === 'too-many') return unmet('too many Pipelines depend on each other behind it');
  if (way !== 'none') {
    return unmet(
      `${formatPipelineRef(of.pipeline)} ${of.environment} depends on itself through ${describeWay(way)}`,
    );
  }
  const source = versionsSource(pipeline, environment.name);
  if (source === undefined) {
    return unmet('what it runs is not recorded, because nothing is promoted into it or out of it');
  }
  try {
    const lane = await readLane(dependency.pipeline, source.into);
    const reports = lane?.[source.list] ?? [];
    return judgeVersions(environment, pipeline.appRef.name, reports, dependency.version);
  } catch {
    return unmet('its lane in Temporal did not say what it runs');
  }
}

function unmet(found: string): Judgement {
  return { met: false, found };
}

const unread = {
  missing: 'there is no such Pipeline',
  invalid: 'that Pipeline is invalid',
  unavailable: 'that Pipeline cannot be read at the moment',
} as const;

/** One that cannot be read does not keep the promotion from saying what it waits for. */
async function lookUp(
  store: DependencySources['store'],
  ref: PipelineRef,
): Promise<Pipeline | keyof typeof unread> {
  try {
    return (await store.pipeline(ref)) ?? 'missing';
  } catch (error) {
    if (!(error instanceof WindlassError)) throw error;
    return error.code === 'invalid-pipeline' ? 'invalid' : 'unavailable';
  }
}
