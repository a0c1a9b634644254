import { type Logger } from 'pino';
import { WindlassError } from '../../domain/errors';
import { formatPipelineRef } from '../../domain/pipeline/pipeline';
import { ApiRefusal, describeApiFailure } from '../../kubernetes/api-failure';
import { type PipelineStore } from '../../store/pipeline-store';
import { type Condition, conditionsOf, areUpToDate } from './conditions';
import { WorkQueue } from './work-queue';
import { pipelineFaults, type LackingFeature, type SecretLook } from '../../resources/pipeline-faults';
import { type PromotionCommands } from '../../temporal/promotion-commands';
import { secretReferences } from '../../resources/secret-references';
import { environmentFieldManager, pipelineFieldManager } from '../field-manager';
import { type PipelineApi } from '../pipeline-api';
import { type ObservedPipeline, type ObservedPipelines } from './observed-pipelines';

export interface PipelineReconcilerOptions {
  readonly seen: ObservedPipelines;
  readonly store: Pick<PipelineStore, 'secret'>;
  readonly api: PipelineApi;
  readonly commands: PromotionCommands;
  readonly lack: LackingFeature;
  readonly log: Logger;
  /** Milliseconds until an unchanged Pipeline is reconciled again: its Secrets may have changed. */
  readonly waits?: Partial<Waits>;
}

interface Waits {
  readonly ready: number;
  /** While something is missing that someone probably creates soon. */
  readonly notReady: number;
  /** After a failure of the API server or of Temporal. */
  readonly failed: number;
  /** After a write conflict. */
  readonly conflict: number;
  /** Before a status that another controller, such as pipeline-controller, has overwritten is written again. */
  readonly contested: number;
}

/** The last write to a Pipeline, and its time. */
interface Written {
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const rightsNeeded = "Grant the worker's ServiceAccount the permission to patch pipelines/status.";

const defaultWaits: Waits = {
  ready: 300_000,
  notReady: 30_000,
  failed: 10_000,
  conflict: 1_000,
  contested: 60_000,
};

/**
 * Keeps the conditions of every Pipeline up to date, and forwards changes: a changed spec to the running promotions,
 * and Flux's annotation `requestedAt` to the failed ones. Several processes can do this in parallel: each writes only
 * differences, and only onto the version that it has seen.
 */
export class PipelineReconciler {
  readonly #options: PipelineReconcilerOptions;
  readonly #waits: Waits;
  readonly #queue = new WorkQueue((key, signal) => this.#reconcile(key, signal));
  /** By Pipeline: limits the writes if another controller writes the same conditions. */
  readonly #written = new Map<string, Written>();
  /** Namespaces where the worker has no permission to write; each is logged once. */
  readonly #forbidden = new Set<string>();

  constructor(options: PipelineReconcilerOptions) {
    this.#options = options;
    this.#waits = { ...defaultWaits, ...options.waits };
    options.seen.subscribe((key) => this.#queue.enqueue(key));
  }

  close(): Promise<void> {
    return this.#queue.close();
  }

  async #reconcile(key: string, signal: AbortSignal): Promise<number | undefined> {
    const pipeline = this.#options.seen.get(key);
    if (pipeline === undefined) {
      this.#written.delete(key);
      return undefined;
    }
    try {
      return await this.#reconcileStatus(pipeline, signal);
    } catch (error) {
      if (signal.aborted) return undefined;
      return this.#afterFailure(key, error);
    }
  }

  async #reconcileStatus(pipeline: ObservedPipeline, signal: AbortSignal): Promise<number> {
    const { reading, generation, observedGeneration } = pipeline;
    const faults = pipelineFaults(reading, await this.#readSecrets(pipeline));
    const conditions = conditionsOf(reading.value, faults, {
      generation,
      found: pipeline.conditions,
      unenforced: pipeline.unenforced,
      lack: this.#options.lack,
      now: Date.now(),
    });
    if (observedGeneration >= 0 && observedGeneration !== generation) await this.#notifyPromotions(pipeline);
    const isHandled = await this.#handleRequest(pipeline);
    const isWritten = await this.#write(pipeline, conditions, isHandled, signal);
    await this.#forgetEnvironments(pipeline, signal);
    if (!isHandled) return this.#waits.failed;
    if (!isWritten) return this.#waits.contested;
    return faults.length === 0 ? this.#waits.ready : this.#waits.notReady;
  }

  /** @throws WindlassError when the API server is unavailable: nothing is known then */
  async #readSecrets({ reading, ref }: ObservedPipeline): Promise<Map<string, SecretLook>> {
    const looks = new Map<string, SecretLook>();
    if (reading.value === undefined) return looks;
    for (const { name } of secretReferences(reading.value)) {
      if (!looks.has(name)) looks.set(name, await this.#readSecret(ref.namespace, name));
    }
    return looks;
  }

  async #readSecret(namespace: string, name: string): Promise<SecretLook> {
    try {
      const data = await this.#options.store.secret(namespace, name);
      return data === undefined ? 'missing' : { data };
    } catch (error) {
      const isForbidden =
        error instanceof WindlassError && error.cause instanceof ApiRefusal && error.cause.status === 403;
      if (!isForbidden) throw error;
      return { forbidden: error.message };
    }
  }

  /** Promotions check the Pipeline themselves once a minute: nothing is lost when this fails. */
  async #notifyPromotions({ ref }: ObservedPipeline): Promise<void> {
    try {
      await this.#options.commands.reconsider(ref);
    } catch (error) {
      this.#options.log.info(
        { err: error, pipeline: formatPipelineRef(ref) },
        'the running promotions could not be notified of the change; they notice it within a minute',
      );
    }
  }

  /** @returns false: there is a request, but Temporal is unavailable */
  async #handleRequest({
    ref,
    reading,
    requestedAt,
    lastHandledReconcileAt,
  }: ObservedPipeline): Promise<boolean> {
    if (requestedAt === undefined || requestedAt === lastHandledReconcileAt) return true;
    const { commands, log } = this.#options;
    const environments = (reading.value?.environments ?? []).slice(1).map(({ name }) => name);
    try {
      await commands.reconsider(ref);
      await commands.retryFailed(ref, environments, requestedAt);
      log.info({ pipeline: formatPipelineRef(ref), requestedAt }, 'reconciled the Pipeline, as requested');
      return true;
    } catch (error) {
      log.warn(
        { err: error, pipeline: formatPipelineRef(ref) },
        'the request waits until Temporal is available',
      );
      return false;
    }
  }

  /** @returns false: another controller has just overwritten the same content, so the write can wait */
  async #write(
    pipeline: ObservedPipeline,
    conditions: readonly Condition[],
    isHandled: boolean,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { ref, generation, observedGeneration, resourceVersion } = pipeline;
    const requested = isHandled ? pipeline.requestedAt : undefined;
    const handled = requested ?? pipeline.lastHandledReconcileAt;
    const isSame =
      observedGeneration === generation &&
      handled === pipeline.lastHandledReconcileAt &&
      areUpToDate(pipeline.conditions, conditions);
    if (isSame) return true;
    const key = formatPipelineRef(ref);
    const said = conditions.map(({ type, status, reason, message }) => [type, status, reason, message]);
    const text = JSON.stringify([pipeline.uid, generation, handled, said]);
    const last = this.#written.get(key);
    if (last?.text === text && Date.now() - last.at < this.#waits.contested) return false;
    const status = {
      observedGeneration: generation,
      conditions,
      ...(handled === undefined ? {} : { lastHandledReconcileAt: handled }),
    };
    await this.#options.api.applyStatus(
      { pipeline: ref, fieldManager: pipelineFieldManager, status, resourceVersion },
      signal,
    );
    this.#written.set(key, { text, at: Date.now() });
    return true;
  }

  /** The status of environments that the Pipeline no longer has. */
  async #forgetEnvironments(
    { ref, reading, environments }: ObservedPipeline,
    signal: AbortSignal,
  ): Promise<void> {
    if (reading.value === undefined) return;
    const names = new Set(reading.value.environments.map(({ name }) => name));
    for (const environment of environments.filter((name) => !names.has(name))) {
      const fieldManager = environmentFieldManager(environment);
      await this.#options.api.applyStatus({ pipeline: ref, fieldManager, status: {} }, signal);
    }
  }

  #afterFailure(key: string, error: unknown): number {
    const status = error instanceof ApiRefusal ? error.status : undefined;
    // A conflict: the newer version, or the deletion, arrives through the informer.
    if (status === 404 || status === 409) return this.#waits.conflict;
    const message = `The status of the Pipeline ${key} cannot be written: ${describeApiFailure(error)}.`;
    if (status !== 403) {
      // The informer already logs that the API server is unavailable, once for all Pipelines.
      this.#options.log.debug(message);
      return this.#waits.failed;
    }
    const namespace = key.split('/')[0] ?? '';
    if (!this.#forbidden.has(namespace)) this.#options.log.warn(`${message} ${rightsNeeded}`);
    this.#forbidden.add(namespace);
    return this.#waits.ready;
  }
}
