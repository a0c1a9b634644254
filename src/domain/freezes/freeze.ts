/** A freeze: a time in which nothing is promoted. `src/resources/freeze-schema.ts` reads and validates manifests. */
import { type Pipeline } from '../pipeline/pipeline';

export interface Freeze {
  readonly namespace: string;
  readonly name: string;
  readonly reason: string;
  /** Who decided it. */
  readonly author?: string;
  /** Its beginning, in milliseconds since the epoch. Absent: it has begun. */
  readonly from?: number;
  /** Its end, in milliseconds since the epoch. Absent: until it is removed. */
  readonly until?: number;
  /** Environments promoted into. Absent: all. */
  readonly environments?: readonly string[];
  /** Absent: all Pipelines of its namespaces. */
  readonly pipelines?: SelectedPipelines;
  /** Not only those of its own namespace. */
  readonly allNamespaces?: boolean;
  /** The API made it to suspend what it selects: shown, and resumed, as that. */
  readonly suspends?: true;
  /** Who ended it before its time by the API. */
  readonly endedBy?: string;
  /** The key of the request that did. */
  readonly endedRequest?: string;
}

/** At least one of them; of two, both must fit. */
export interface SelectedPipelines {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly names?: readonly string[];
}

/** Longer is a document, and it is in workflow histories. */
export const longestReason = 512;
/** Of the environments that a freeze names. */
export const mostEnvironments = 50;
/** Of the Pipelines that a freeze names. */
export const mostPipelines = 100;

/** What a freeze wants to know of a Pipeline. */
export type Selectable = Pick<Pipeline, 'namespace' | 'name' | 'labels'>;

/** Whether a freeze is about a Pipeline, in some environment and at some time. */
export function selectsPipeline(
  { namespace, allNamespaces, pipelines }: Freeze,
  pipeline: Selectable,
): boolean {
  if (allNamespaces !== true && namespace !== pipeline.namespace) return false;
  if (pipelines?.names?.includes(pipeline.name) === false) return false;
  const { labels = {} } = pipeline;
  return Object.entries(pipelines?.matchLabels ?? {}).every(
    ([key, value]) => Object.hasOwn(labels, key) && labels[key] === value,
  );
}

/** @param now milliseconds since the epoch */
export function isInForce({ from = -Infinity, until = Infinity }: Freeze, now: number): boolean {
  return from <= now && now < until;
}
