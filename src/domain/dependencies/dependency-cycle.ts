/** Promotions that would wait for themselves. */
import {
  type Dependency,
  findHopInto,
  formatPipelineRef,
  type Pipeline,
  type PipelineRef,
} from '../pipeline/pipeline';
import { allowsDependent } from './allowed-dependents';

/** An environment that is promoted into. */
export interface Place {
  readonly pipeline: PipelineRef;
  readonly environment: string;
}

/** The Pipelines as they are now. */
export interface DependencyGraph {
  /** @returns undefined: there is no valid one of that name */
  pipeline(ref: PipelineRef): Promise<Pipeline | undefined>;
  /** What promotions into the environment depend on; none where nothing is promoted into it. */
  dependencies(pipeline: Pipeline, environment: string): readonly Dependency[];
}

/** More than people connect. What is behind them is not looked at, so that one namespace cannot occupy a worker. */
const mostPlaces = 500;

interface Step {
  readonly place: Place;
  readonly before?: Step;
}

/**
 * Follows a dependency of the promotions into `start`, and in each pipeline also the way from the environments before. What
 * is not allowed is not followed: it holds nothing up but its own pipeline.
 * @returns the places from the dependency to `start` or a later environment of its pipeline; `none`: it does not lead
 *   there; `too-many`: there are more places behind it than are looked at
 */
export async function findCycle(
  start: Place,
  { pipeline, environment }: Dependency,
  graph: DependencyGraph,
): Promise<readonly Place[] | 'none' | 'too-many'> {
  const home = formatPipelineRef(start.pipeline);
  const seen = new Set<string>();
  const queue: Step[] = [{ place: { pipeline, environment } }];
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    const { place } = step;
    const key = JSON.stringify([formatPipelineRef(place.pipeline), place.environment]);
    if (seen.has(key)) continue;
    if (seen.size === mostPlaces) return 'too-many';
    seen.add(key);
    const found = await graph.pipeline(place.pipeline);
    if (found === undefined) continue;
    if (formatPipelineRef(found) === home && isSameOrLater(found, place.environment, start.environment)) {
      return wayTo(step);
    }
    const before = step;
    for (const next of await placesBehind(found, place.environment, graph)) {
      queue.push({ place: next, before });
    }
  }
  return 'none';
}

/** "apps/db prod → apps/shop prod" */
export function describeWay(places: readonly Place[]): string {
  return places
    .map(({ pipeline, environment }) => `${formatPipelineRef(pipeline)} ${environment}`)
    .join(' → ');
}

/** Whether the pipeline has both, the first not before the second. */
export function isSameOrLater({ environments }: Pipeline, environment: string, than: string): boolean {
  const indexOf = (wanted: string): number => environments.findIndex(({ name }) => name === wanted);
  return indexOf(than) !== -1 && indexOf(environment) >= indexOf(than);
}

async function placesBehind(
  pipeline: Pipeline,
  environment: string,
  graph: DependencyGraph,
): Promise<readonly Place[]> {
  const hop = findHopInto(pipeline, environment);
  if (hop === undefined) return [];
  const ownBefore: Place = {
    pipeline: { namespace: pipeline.namespace, name: pipeline.name },
    environment: hop.from.name,
  };
  const others: Place[] = [];
  for (const dependency of graph.dependencies(pipeline, environment)) {
    const other = await graph.pipeline(dependency.pipeline);
    if (other === undefined || !allowsDependent(other, pipeline.namespace)) continue;
    others.push({ pipeline: dependency.pipeline, environment: dependency.environment });
  }
  return [ownBefore, ...others];
}

function wayTo(step: Step): readonly Place[] {
  const places: Place[] = [];
  for (let at: Step | undefined = step; at !== undefined; at = at.before) places.unshift(at.place);
  return places;
}
