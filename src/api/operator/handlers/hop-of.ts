import { findHopInto, type Hop, type Pipeline } from '../../../domain/pipeline/pipeline';
import { Refusal } from '../refusal';
import { type HandlerParts } from './handler-parts';

interface EnvironmentPath {
  readonly namespace: string;
  readonly name: string;
  readonly environment: string;
}

export interface FoundHop {
  readonly pipeline: Pipeline;
  readonly hop: Hop;
  /** The environment after it. */
  readonly next?: string;
}

/** @throws Refusal not-found, conflict for an environment that nothing is promoted into; WindlassError */
export async function hopOf(
  { store }: Pick<HandlerParts, 'store'>,
  path: EnvironmentPath,
): Promise<FoundHop> {
  const { environment } = path;
  const pipeline = await pipelineOf({ store }, path);
  const names = pipeline.environments.map(({ name }) => name);
  const index = names.indexOf(environment);
  if (index === -1) {
    throw new Refusal(
      'not-found',
      `The Pipeline ${path.namespace}/${path.name} has no environment ${environment}: it has ${names.join(', ')}.`,
    );
  }
  const hop = findHopInto(pipeline, environment);
  if (hop === undefined) {
    throw new Refusal(
      'conflict',
      index === 0
        ? `Nothing is promoted into ${environment}: it is the first environment.`
        : `Nothing is promoted into ${environment}: the Pipeline has no promotion block for it.`,
    );
  }
  const next = names[index + 1];
  return { pipeline, hop, ...(next === undefined ? {} : { next }) };
}

/** @throws Refusal not-found; WindlassError */
export async function pipelineOf(
  { store }: Pick<HandlerParts, 'store'>,
  { namespace, name }: Pick<EnvironmentPath, 'namespace' | 'name'>,
): Promise<Pipeline> {
  const pipeline = await store.pipeline({ namespace, name });
  if (pipeline === undefined) throw new Refusal('not-found', `There is no Pipeline ${namespace}/${name}.`);
  return pipeline;
}
