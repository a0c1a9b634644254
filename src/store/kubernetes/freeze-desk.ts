import { type KubeConfig } from '@kubernetes/client-node';
import { type Logger } from 'pino';
import { WindlassError } from '../../domain/errors';
import { isNamespace, isObjectName, pipelineGroup } from '../../domain/kubernetes-names';
import { type Actor } from '../../domain/people/actor';
import { formatPipelineRef, type PipelineRef } from '../../domain/pipeline/pipeline';
import { ApiRefusal, describeApiFailure } from '../../kubernetes/api-failure';
import { type ApiCall, callApi } from '../../kubernetes/call-api';
import { listAll } from '../../kubernetes/list-and-watch';
import { pipelineApiVersion } from '../../resources/pipeline-schema';
import {
  type AskedFreeze,
  type FreezeDesk,
  FreezeRefused,
  type KeptFreezeDesk,
  type ListedFreeze,
} from '../freeze-desk';
import {
  type Ending,
  endingOf,
  type FreezeManifest,
  hasEnded,
  isMade,
  isOfRequest,
  madeFreeze,
  outdated,
  requireNotSuspended,
  suspensionOf,
} from '../made-freeze';
import { readListedFreeze, storedVersion } from './listed-freeze';

const resource = `freezes.${pipelineGroup}`;
/** Someone else may write to the object between reading and ending it. */
const mostTries = 5;

export interface KubernetesFreezeDeskOptions {
  readonly kubeConfig: KubeConfig;
  /** Empty: the whole cluster. */
  readonly watchNamespaces: readonly string[];
  /** The only one whose Freezes can select Pipelines of all namespaces. */
  readonly ownNamespace: string | undefined;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** Makes and ends freezes as objects on the API server. What others apply is listed, and never written. */
export function createKubernetesFreezeDesk(options: KubernetesFreezeDeskOptions): KeptFreezeDesk {
  const { kubeConfig, watchNamespaces, ownNamespace, log, now = Date.now } = options;
  const stop = new AbortController();
  const { signal } = stop;
  const own = ownNamespace === undefined ? [] : [ownNamespace];
  const places: readonly (string | undefined)[] =
    watchNamespaces.length === 0 ? [undefined] : [...new Set([...watchNamespaces, ...own])];
  const call = (request: Omit<ApiCall, 'signal'>) => callApi(kubeConfig, { ...request, signal });

  const listPlace = async (namespace: string | undefined): Promise<ListedFreeze[]> => {
    const freezes: ListedFreeze[] = [];
    try {
      await listAll({ kubeConfig, path: collection(namespace) }, signal, ({ value }) => {
        const freeze = readListedFreeze(value, ownNamespace);
        if (freeze !== undefined) freezes.push(freeze);
      });
    } catch (error) {
      // Without the CustomResourceDefinition, there are none.
      if (!(error instanceof ApiRefusal && error.status === 404)) throw unavailable('list', namespace, error);
    }
    return freezes;
  };
  const list: FreezeDesk['list'] = async () => (await Promise.all(places.map(listPlace))).flat();

  /** @returns undefined if there is none */
  const read = async (ref: PipelineRef): Promise<unknown> => {
    try {
      return await call({ path: pathOf(ref) });
    } catch (error) {
      if (error instanceof ApiRefusal && error.status === 404) return undefined;
      throw unavailable('get', ref.namespace, error);
    }
  };

  /** @returns false: it exists */
  const create = async (manifest: FreezeManifest): Promise<boolean> => {
    const { namespace } = manifest.metadata;
    try {
      await call({
        method: 'POST',
        path: collection(namespace),
        // An older CustomResourceDefinition would drop fields, and the freeze would hold more than was asked for.
        query: { fieldValidation: 'Strict' },
        content: { type: 'application/json', value: manifest },
      });
      return true;
    } catch (error) {
      if (error instanceof ApiRefusal && error.status === 409) return false;
      throw refusalOf(error) ?? unavailable('create', namespace, error);
    }
  };

  /** @returns false: it has changed meanwhile */
  const end = async (ref: PipelineRef, version: string, { annotations, spec }: Ending): Promise<boolean> => {
    const value = { metadata: { resourceVersion: version, annotations }, spec };
    const content = { type: 'application/merge-patch+json', value };
    try {
      await call({ method: 'PATCH', path: pathOf(ref), content });
      return true;
    } catch (error) {
      if (error instanceof ApiRefusal && [404, 409].includes(error.status)) return false;
      throw unavailable('patch', ref.namespace, error);
    }
  };

  const remove = async (ref: PipelineRef): Promise<void> => {
    try {
      await call({ method: 'DELETE', path: pathOf(ref) });
    } catch (error) {
      if (error instanceof ApiRefusal && error.status === 404) return;
      throw unavailable('delete', ref.namespace, error);
    }
  };

  const freeze = async (asked: AskedFreeze, actor: Actor) => {
    requireEffect(asked, places, ownNamespace);
    const manifest = madeFreeze(asked, actor, now());
    const { name } = manifest.metadata;
    if (asked.suspends === true) requireNotSuspended(await listPlace(asked.namespace), asked, name, now());
    if (await create(manifest)) return { name, repeated: false };
    const existing = await read({ namespace: asked.namespace, name });
    if (isOfRequest(existing, asked.key)) return { name, repeated: true };
    const ref = formatPipelineRef({ namespace: asked.namespace, name });
    throw new FreezeRefused(`There is another Freeze ${ref}: send the request again with another key.`);
  };

  const unfreeze = async (ref: PipelineRef, actor: Actor, key?: string) => {
    if (!isNamespace(ref.namespace) || !isObjectName(ref.name)) return 'unknown';
    for (let tries = 0; tries < mostTries; tries += 1) {
      const object = await read(ref);
      if (object === undefined) return 'unknown';
      const found = readListedFreeze(object, ownNamespace);
      if (!isMade(object) || found === undefined) return 'not-ours';
      if (found.isInvalid) {
        // It would stay invalid, and hold its namespace.
        await remove(ref);
        return 'done';
      }
      if (hasEnded(found, now())) return 'ended';
      if (await end(ref, storedVersion(object), endingOf(found, actor, now(), key))) return 'done';
    }
    throw new WindlassError(
      'store-unavailable',
      `The Freeze ${formatPipelineRef(ref)} changes all the time: something else writes to it.`,
    );
  };

  const removeOutdated = async (): Promise<void> => {
    try {
      const old = outdated(await list(), now());
      for (const each of old) await remove(each);
      if (old.length > 0) log.info({ count: old.length }, 'Deleted Freezes that ended long ago');
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, 'Freezes that ended long ago could not be deleted');
    }
  };

  return {
    list,
    freeze,
    unfreeze,
    suspension: async (pipeline, environment) =>
      isNamespace(pipeline.namespace)
        ? suspensionOf(await listPlace(pipeline.namespace), pipeline, environment, now())
        : undefined,
    removeOutdated,
    close: () => {
      stop.abort();
      return Promise.resolve();
    },
  };
}

function collection(namespace: string | undefined): string {
  const inNamespace = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
  return `/apis/${pipelineApiVersion}${inNamespace}/freezes`;
}

function pathOf({ namespace, name }: PipelineRef): string {
  return `${collection(namespace)}/${encodeURIComponent(name)}`;
}

/** A freeze that no worker reads would hold nothing. @throws FreezeRefused */
function requireEffect(
  { namespace, allNamespaces }: AskedFreeze,
  places: readonly (string | undefined)[],
  ownNamespace: string | undefined,
): void {
  if (!places.includes(undefined) && !places.includes(namespace))
    throw new FreezeRefused(`Windlass does not read the namespace ${namespace}: see --watch-namespaces.`);
  if (allNamespaces === true && namespace !== ownNamespace)
    throw new FreezeRefused("A freeze for all namespaces must be in Windlass's own namespace.");
}

/** What the person has to change. */
function refusalOf(error: unknown): FreezeRefused | undefined {
  if (!(error instanceof ApiRefusal) || lacksPermission(error)) return undefined;
  if (error.status === 404 && error.message.includes('namespaces'))
    return new FreezeRefused('The namespace does not exist.');
  return [400, 403, 422].includes(error.status)
    ? new FreezeRefused(`The API server refuses the Freeze: ${describeApiFailure(error)}.`)
    : undefined;
}

/** Not an admission plug-in that refuses this one (https://kubernetes.io/docs/reference/access-authn-authz/authorization/). */
function lacksPermission({ status, message }: ApiRefusal): boolean {
  return status === 403 && /cannot \w+ resource/.test(message);
}

function unavailable(verb: string, namespace: string | undefined, cause: unknown): WindlassError {
  const where = namespace === undefined ? 'in all namespaces' : `in namespace ${namespace}`;
  if (cause instanceof ApiRefusal && cause.status === 403)
    return new WindlassError(
      'store-unavailable',
      `The API server does not let Windlass ${verb} Freezes: grant the ServiceAccount of api the permission to ${verb} ${resource} ${where}.`,
      { cause },
    );
  if (cause instanceof ApiRefusal && cause.status === 404)
    return new WindlassError(
      'store-unavailable',
      `The API server has no Freezes: install the CustomResourceDefinition ${resource}.`,
      { cause },
    );
  const failure = describeApiFailure(cause);
  return new WindlassError('store-unavailable', `The API server cannot ${verb} Freezes: ${failure}.`, {
    cause,
  });
}
