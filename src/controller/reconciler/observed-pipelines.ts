import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type Pipeline, type PipelineRef } from '../../domain/pipeline/pipeline';
import { type ApiObject } from '../../kubernetes/api-answers';
import { type PipelineListener } from '../../store/kubernetes/pipeline-reader';
import { isRecord, type Reading } from '../../resources/object-schema';
import { type FoundCondition } from './conditions';

/** Flux's convention (https://fluxcd.io/flux/components/kustomize/kustomizations/#triggering-a-reconcile). */
const requestedAtAnnotation = 'reconcile.fluxcd.io/requestedAt';

/** The parts of a Pipeline object that determine its conditions. */
export interface ObservedPipeline {
  readonly ref: PipelineRef;
  readonly reading: Reading<Pipeline>;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number;
  /** The value of Flux's annotation. */
  readonly requestedAt?: string | undefined;
  /** -1: nothing has been observed yet. */
  readonly observedGeneration: number;
  readonly lastHandledReconcileAt?: string | undefined;
  readonly conditions: readonly FoundCondition[];
  /** Environments with a status that a promotion wrote. */
  readonly environments: readonly string[];
  /** Those whose last pull request can be merged past closed gates. */
  readonly unenforced: readonly string[];
}

const objectSchema = z.looseObject({
  metadata: z.looseObject({
    namespace: z.string(),
    name: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    generation: z.number().default(0),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
  // Rewrites everything that differs from what Windlass would write.
  status: z
    .looseObject({
      observedGeneration: z.number().catch(-1),
      lastHandledReconcileAt: z.string().optional().catch(undefined),
      conditions: z.array(z.looseObject({})).catch([]),
      environments: z.record(z.string(), z.looseObject({ lastPromotion: z.unknown() })).catch({}),
    })
    .default({ observedGeneration: -1, conditions: [], environments: {} }),
});

/** Remembers the last seen state of every Pipeline, and notifies one subscriber of relevant changes. */
export class ObservedPipelines implements PipelineListener {
  readonly #pipelines = new Map<string, ObservedPipeline>();
  #subscriber: ((key: string) => void) | undefined;

  /** @param key `namespace/name` */
  get(key: string): ObservedPipeline | undefined {
    return this.#pipelines.get(key);
  }

  /** Calls `changed` with the key of every known Pipeline, and of each one that changes later. */
  subscribe(changed: (key: string) => void): void {
    this.#subscriber = changed;
    for (const key of this.#pipelines.keys()) changed(key);
  }

  seen({ key, value }: ApiObject, reading: Reading<Pipeline>): void {
    const { success, data } = objectSchema.safeParse(value);
    if (!success) return;
    const { metadata, status } = data;
    const before = this.#pipelines.get(key);
    const environments = Object.entries(status.environments).flatMap(([name, { lastPromotion }]) =>
      isRecord(lastPromotion) ? [{ name, last: lastPromotion }] : [],
    );
    const now: ObservedPipeline = {
      ref: { namespace: metadata.namespace, name: metadata.name },
      reading,
      uid: metadata.uid,
      resourceVersion: metadata.resourceVersion,
      generation: metadata.generation,
      requestedAt: metadata.annotations?.[requestedAtAnnotation],
      observedGeneration: status.observedGeneration,
      lastHandledReconcileAt: status.lastHandledReconcileAt,
      conditions: status.conditions,
      environments: environments.map(({ name }) => name),
      unenforced: environments.filter(({ last }) => last['gatesEnforced'] === false).map(({ name }) => name),
    };
    this.#pipelines.set(key, now);
    if (before === undefined || !isDeepStrictEqual(comparable(before), comparable(now)))
      this.#subscriber?.(key);
  }

  onDeleted(key: string): void {
    this.#pipelines.delete(key);
  }
}

/** Every write changes the version; the spec's content changes only with the generation. */
function comparable({ resourceVersion: _version, reading: _reading, ...rest }: ObservedPipeline) {
  return rest;
}
