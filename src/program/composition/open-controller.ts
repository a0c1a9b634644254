import { hostname } from 'node:os';
import { lackingFeature } from '../../providers/lacking-feature';
import { EventRecorder } from '../../controller/progress/event-recorder';
import { PipelineApi } from '../../controller/pipeline-api';
import { createProgressReporter } from '../../controller/progress/pipeline-progress-reporter';
import { startFreezeNotices } from '../../controller/freeze-notices';
import { type Notice } from '../../domain/notices/notice';
import { startNotice } from '../../temporal/notices';
import { startReconsideration } from '../../controller/reconsideration';
import { PipelineReconciler } from '../../controller/reconciler/pipeline-reconciler';
import { type ProgressReporter } from '../../controller/progress/progress-reporter';
import { createPromotionCommands } from '../../temporal/signal-promotions';
import { type Foundation } from './foundation';
import { type OpenParts } from '../lifetime/open-parts';

/**
 * Makes promotions look again when something changes, and reports their state if Pipelines have a status.
 * @returns the reporter of promotions; undefined if Pipelines have none
 */
export async function openController(
  parts: OpenParts,
  { config, cluster, store, client, log }: Foundation,
): Promise<ProgressReporter | undefined> {
  const commands = createPromotionCommands(client);
  await parts.add(startReconsideration({ store, commands, log }));
  if (config.notices) {
    const start = (subject: string, fact: string, notice: Notice) =>
      startNotice(client, subject, fact, notice);
    await parts.add(startFreezeNotices({ store, start, log }));
  }
  if (cluster === undefined) return undefined;
  const api = new PipelineApi(cluster.kubeConfig);
  await parts.add(
    new PipelineReconciler({
      seen: cluster.seen,
      store,
      api,
      commands,
      lack: lackingFeature,
      log,
    }),
  );
  // In a Pod, the host name is the Pod's name.
  return createProgressReporter({ api, events: new EventRecorder(api, hostname()), log });
}
