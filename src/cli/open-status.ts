import { hostname } from 'node:os';
import { providers } from '../providers/registry';
import { EventRecorder } from '../status/kubernetes/event-recorder';
import { PipelineApi } from '../status/kubernetes/pipeline-api';
import { createProgressReporter } from '../status/kubernetes/progress-reporter';
import { StatusKeeper } from '../status/kubernetes/status-keeper';
import { type ProgressReporter } from '../status/port';
import { createPromotionNudges } from '../temporal/promotion-nudges';
import { type Foundation } from './foundation';
import { type OpenParts } from './open-parts';

/** Begins to tell the state of Pipelines where they have one. @returns who tells of promotions; undefined: nobody */
export async function openStatus(
  parts: OpenParts,
  { cluster, store, client, log }: Foundation,
): Promise<ProgressReporter | undefined> {
  if (cluster === undefined) return undefined;
  const api = new PipelineApi(cluster.kubeConfig);
  await parts.add(
    new StatusKeeper({
      seen: cluster.seen,
      store,
      api,
      nudges: createPromotionNudges(client),
      isSupported: (provider) => providers[provider] !== undefined,
      log,
    }),
  );
  // In a Pod, its name.
  return createProgressReporter({ api, events: new EventRecorder(api, hostname()), log });
}
