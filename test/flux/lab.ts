/** The whole loop on loopback: Kubernetes, Flux, charts, Git, Temporal and Windlass, in which no event is made by hand. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startFluxController } from '../support/flux-controller';
import { freePort } from '../support/free-port';
import { createInstallation, type Installation } from '../support/installation';
import { type KubeApiServer, startKubeApiServer } from '../support/kube-api-server';
import { installFluxCrds, startNotificationController } from '../support/notification-controller';
import { type Program } from '../support/program';
import { webhookAnswers } from '../support/webhook-log';
import { type ChartRepository, startChartRepository } from './chart-repository';
import { findHelm } from './helm-program';
import { installWindlass } from './installed-windlass';
import { type OciRegistry, startOciRegistry } from './oci-registry';

export interface Lab {
  readonly cluster: KubeApiServer;
  readonly charts: ChartRepository;
  readonly registry: OciRegistry;
  readonly installation: Installation;
  /** The webhook's URL, without a path. */
  readonly webhook: string;
  /** What the webhook answered to one environment's reports, oldest first: its outcomes. */
  answers(application: string, environment: string): readonly string[];
  readonly worker: Part;
  close(): Promise<void>;
}

/** A part of the lab that can be away for a while. */
interface Part {
  stop(): Promise<void>;
  start(): Promise<void>;
}

/** Dependencies and chart sources that are not ready are looked at again after this. */
const requeue = '--requeue-dependency=2s';

/** Needs the Temporal server of the global set-up. Stops all that it started where a part does not start. */
export async function startLab(): Promise<Lab> {
  const closers: (() => Promise<unknown>)[] = [];
  const closing = <T extends { close(): Promise<void> }>(part: T): T => {
    closers.unshift(() => part.close());
    return part;
  };
  const close = async () => {
    for (const closer of closers) await closer();
  };
  try {
    const directory = await mkdtemp(path.join(tmpdir(), 'windlass-lab-'));
    closers.unshift(() => rm(directory, { recursive: true, force: true }));
    const helm = await findHelm(directory);
    const charts = closing(await startChartRepository(helm, directory));
    const registry = closing(await startOciRegistry(helm, directory));
    const cluster = closing(await startKubeApiServer());
    await installFluxCrds(cluster);
    const kubeconfigs = await installWindlass(helm, cluster, directory);

    const notifications = closing(await startNotificationController(cluster));
    const events = `--events-addr=${notifications.address}`;
    const artifacts = path.join(directory, 'artifacts');
    await mkdir(artifacts);
    const storage = `127.0.0.1:${await freePort()}`;
    const storageFlags = [
      `--storage-path=${artifacts}`,
      `--storage-addr=${storage}`,
      `--storage-adv-addr=${storage}`,
    ];
    for (const [controller, flags] of [
      ['source-controller', storageFlags],
      ['kustomize-controller', [requeue]],
      ['helm-controller', [requeue]],
    ] as const) {
      closers.unshift(await startFluxController(cluster, controller, [events, ...flags]));
    }

    const installation = closing(
      await createInstallation({
        cluster,
        flags: [events, '--promotion-hook-rate-limit=1000'],
        env: { KUBECONFIG: kubeconfigs.api },
      }),
    );
    const startWorker = () => installation.startWorker([`--kubeconfig=${kubeconfigs.worker}`]);
    const [api, firstWorker] = await Promise.all([installation.startApi(), startWorker()]);
    let worker: Program = firstWorker;
    return {
      cluster,
      charts,
      registry,
      installation,
      webhook: (await api.ready).webhook ?? '',
      answers: (application, environment) =>
        webhookAnswers(api, { pipeline: `apps/${application}`, environment }).map(({ outcome }) => outcome),
      worker: {
        stop: async () => {
          await worker.stop();
        },
        start: async () => {
          worker = await startWorker();
        },
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
