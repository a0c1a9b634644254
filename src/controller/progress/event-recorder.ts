import { z } from 'zod';
import { type PipelineRef } from '../../domain/pipeline/pipeline';
import { ApiRefusal, UnexpectedAnswer } from '../../kubernetes/api-failure';
import { pipelineGroup } from '../../domain/kubernetes-names';
import { pipelineApiVersion, pipelineKind } from '../../resources/pipeline-schema';
import { type PromotionEvent } from './promotion-event';
import { type PipelineApi } from '../pipeline-api';

const eventsApiVersion = 'events.k8s.io/v1';
const controller = 'windlass';
/** `ReportingInstanceLengthLimit`, validation of events.k8s.io/v1. */
const instanceLength = 128;

const storedEventSchema = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string() }),
  eventTime: z.string(),
  series: z.looseObject({ count: z.number(), lastObservedTime: z.string() }).nullish(),
});

/** Writes Events; a repetition of an existing Event increases the count of its series. */
export class EventRecorder {
  readonly #api: PipelineApi;
  readonly #instance: string;

  /** @param instance the identity of this process, such as the Pod's name */
  constructor(api: PipelineApi, instance: string) {
    this.#api = api;
    this.#instance = instance.slice(0, instanceLength);
  }

  /** Can be called again for the same event. @throws ApiRefusal, UnexpectedAnswer or the connection's error */
  async record(
    event: PromotionEvent,
    { pipeline, uid }: { readonly pipeline: PipelineRef; readonly uid: string },
    signal: AbortSignal,
  ): Promise<void> {
    const { namespace, name } = pipeline;
    const path = `/apis/${eventsApiVersion}/namespaces/${encodeURIComponent(namespace)}/events`;
    const value = {
      apiVersion: eventsApiVersion,
      kind: 'Event',
      metadata: {
        namespace,
        name: event.name,
        annotations: {
          [`${pipelineGroup}/environment`]: event.environment,
          [`${pipelineGroup}/version`]: event.version,
        },
      },
      eventTime: kubernetesMicroTime(event.at),
      type: event.type,
      reason: event.reason,
      action: event.action,
      note: event.note,
      regarding: { apiVersion: pipelineApiVersion, kind: pipelineKind, namespace, name, uid },
      reportingController: controller,
      reportingInstance: this.#instance,
    };
    try {
      await this.#api.call({ method: 'POST', path, content: { type: 'application/json', value }, signal });
    } catch (error) {
      if (!(error instanceof ApiRefusal && error.status === 409)) throw error;
      await this.#repeat(`${path}/${event.name}`, event.at, signal);
    }
  }

  async #repeat(path: string, at: number, signal: AbortSignal): Promise<void> {
    const { success, data: stored } = storedEventSchema.safeParse(await this.#api.call({ path, signal }));
    if (!success) throw new UnexpectedAnswer('an answer that is not an Event');
    const lastAt = Date.parse(stored.series?.lastObservedTime ?? stored.eventTime);
    if (lastAt >= at) return;
    const value = {
      // Two concurrent counts would write the same number.
      metadata: { resourceVersion: stored.metadata.resourceVersion },
      series: { count: (stored.series?.count ?? 1) + 1, lastObservedTime: kubernetesMicroTime(at) },
    };
    const content = { type: 'application/merge-patch+json', value };
    await this.#api.call({ method: 'PATCH', path, content, signal });
  }
}

/** With the six digits that the API server requires for a `metav1.MicroTime`. @param at milliseconds since the epoch */
function kubernetesMicroTime(at: number): string {
  return new Date(at).toISOString().replace('Z', '000Z');
}
