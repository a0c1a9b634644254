/** What a Pipeline in the cluster shows to those who read it with kubectl. */
import { type KubeApiServer } from '../support/kube-api-server';
import { read } from './kube';
import { type Environment } from './manifests';

const namespace = 'apps';

/** `status.environments[<environment>].lastPromotion`; its times are RFC 3339 in whole seconds. */
export interface LastPromotion {
  readonly version: string;
  readonly state: string;
  readonly message: string;
  readonly startedAt: string;
  readonly proposedAt?: string;
  readonly mergedAt?: string;
  readonly deployedAt?: string;
  readonly finishedAt?: string;
}

interface Pipeline {
  readonly status?: {
    readonly environments?: Readonly<
      Partial<Record<Environment, { readonly lastPromotion?: LastPromotion }>>
    >;
  };
}

export async function lastPromotionOf(
  cluster: KubeApiServer,
  name: string,
  environment: Environment,
): Promise<LastPromotion | undefined> {
  const pipeline = await read<Pipeline>(cluster, { kind: 'Pipeline', namespace, name });
  return pipeline?.status?.environments?.[environment]?.lastPromotion;
}

interface Event {
  readonly metadata: { readonly annotations: Readonly<Record<string, string>> };
  readonly eventTime: string;
  readonly reason: string;
}

/** The reasons of the Events about a version into an environment, oldest first. */
export async function eventsOf(
  cluster: KubeApiServer,
  name: string,
  environment: Environment,
  version: string,
): Promise<readonly string[]> {
  const about = `fieldSelector=involvedObject.kind=Pipeline,involvedObject.name=${name}`;
  const { body } = await cluster.request('GET', `/api/v1/namespaces/${namespace}/events?${about}`);
  return (body as { readonly items: readonly Event[] }).items
    .filter(
      ({ metadata: { annotations } }) =>
        annotations['pipelines.weave.works/environment'] === environment &&
        annotations['pipelines.weave.works/version'] === version,
    )
    .sort((a, b) => a.eventTime.localeCompare(b.eventTime))
    .map(({ reason }) => reason);
}
