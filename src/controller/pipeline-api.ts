import { type KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import { type PipelineRef } from '../domain/pipeline/pipeline';
import { callApi, type ApiCall } from '../kubernetes/call-api';
import { ApiRefusal, UnexpectedAnswer } from '../kubernetes/api-failure';
import { pipelineApiVersion, pipelineKind } from '../resources/pipeline-schema';
import { type PipelineStatus } from '../resources/status-schema';

export interface StatusApplication {
  readonly pipeline: PipelineRef;
  /** The owner of the applied fields: the same field under two names is a conflict. */
  readonly fieldManager: string;
  /** All fields of the field manager: its earlier fields that are missing here are removed. */
  readonly status: PipelineStatus;
  /** Rejects (409) if the object does not have this version any more. */
  readonly resourceVersion?: string;
}

const environmentSchema = z.looseObject({
  waitingApproval: z.looseObject({ revision: z.string() }).optional(),
  lastPromotion: z
    .looseObject({ workflowId: z.string().optional(), startedAt: z.string().optional() })
    .optional(),
});
const pipelineSchema = z.looseObject({
  metadata: z.looseObject({ uid: z.string() }),
  status: z.looseObject({ environments: z.record(z.string(), environmentSchema).optional() }).optional(),
});

/** The parts of a Pipeline on the API server that determine its status. */
export type StoredPipeline = z.infer<typeof pipelineSchema>;

/**
 * The requests to the API server that report the state of Pipelines. Each throws ApiRefusal or the connection's error.
 */
export class PipelineApi {
  readonly #kubeConfig: KubeConfig;

  constructor(kubeConfig: KubeConfig) {
    this.#kubeConfig = kubeConfig;
  }

  /** @returns undefined if it does not exist */
  async read(ref: PipelineRef, signal: AbortSignal): Promise<StoredPipeline | undefined> {
    const answer = await this.unlessMissing({ path: pathOf(ref), signal });
    return answer === undefined ? undefined : asPipeline(answer);
  }

  /**
   * Applies a part of the status with server-side apply; writes nothing if nothing differs
   * (https://kubernetes.io/docs/reference/using-api/server-side-apply/). Takes over Windlass's fields from other
   * owners.
   * @returns the Pipeline after the change
   */
  async applyStatus(application: StatusApplication, signal: AbortSignal): Promise<StoredPipeline> {
    const { pipeline, fieldManager, status, resourceVersion } = application;
    const { namespace, name } = pipeline;
    const answer = await this.call({
      method: 'PATCH',
      path: `${pathOf(pipeline)}/status`,
      query: { fieldManager, force: 'true' },
      content: {
        type: 'application/apply-patch+yaml',
        value: {
          apiVersion: pipelineApiVersion,
          kind: pipelineKind,
          metadata: { namespace, name, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
          status,
        },
      },
      signal,
    });
    return asPipeline(answer);
  }

  /** Removes the fields that are null, regardless of their owner. */
  async removeFromStatus(
    pipeline: PipelineRef,
    status: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<void> {
    const content = { type: 'application/merge-patch+json', value: { status } };
    await this.call({ method: 'PATCH', path: `${pathOf(pipeline)}/status`, content, signal });
  }

  call(request: ApiCall): Promise<unknown> {
    return callApi(this.#kubeConfig, request);
  }

  /** @returns undefined for a 404 */
  async unlessMissing(request: ApiCall): Promise<unknown> {
    try {
      return await this.call(request);
    } catch (error) {
      if (error instanceof ApiRefusal && error.status === 404) return undefined;
      throw error;
    }
  }
}

function pathOf({ namespace, name }: PipelineRef): string {
  const [inNamespace, named] = [namespace, name].map(encodeURIComponent);
  return `/apis/${pipelineApiVersion}/namespaces/${inNamespace}/pipelines/${named}`;
}

function asPipeline(answer: unknown): StoredPipeline {
  const { success, data } = pipelineSchema.safeParse(answer);
  if (!success) throw new UnexpectedAnswer('an answer that is not a Pipeline');
  return data;
}
