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
  readonly pipelines?: { readonly matchLabels: Readonly<Record<string, string>> };
  /** Not only those of its own namespace. */
  readonly allNamespaces?: boolean;
}

/** Longer is a document, and it is in workflow histories. */
export const longestReason = 512;
/** Of the environments that a freeze names. */
export const mostEnvironments = 50;

/** Whether a freeze is about a Pipeline, in some environment and at some time. */
export function selectsPipeline(
  { namespace, allNamespaces, pipelines }: Freeze,
  pipeline: Pick<Pipeline, 'namespace' | 'labels'>,
): boolean {
  if (allNamespaces !== true && namespace !== pipeline.namespace) return false;
  const { labels = {} } = pipeline;
  return Object.entries(pipelines?.matchLabels ?? {}).every(
    ([key, value]) => Object.hasOwn(labels, key) && labels[key] === value,
  );
}
