import { join } from 'node:path';
import { createAuthority } from '../../activities/authority';
import { createFluxEventSink } from '../../flux/flux-notification-sink';
import { connectWorker } from '../../temporal/connection';
import { TemporalOutage } from '../../temporal/outage';
import { temporalTargetFromEnvironment } from '../../temporal/target-from-environment';
import { ensureSearchAttributes } from '../../temporal/search-attributes';
import { type RunningWorker, type WorkerOptions, startWorker } from '../../worker/start-worker';
import { markAsReadByWorker } from '../../store/directory/reader-mark';
import { type PolicyFile } from '../../store/policy-file';
import { type Config } from '../../config/config';
import { type Foundation, openFoundation } from '../composition/foundation';
import { runUntilStopped } from '../lifetime/lifetime';
import { createLog } from '../log';
import { type OpenParts } from '../lifetime/open-parts';
import { dataDirSetting, requireWritable } from '../composition/writable-directory';
import { createRunAlone } from '../alone/run-alone';
import { warnOfUnsigned } from '../composition/open-capabilities';
import { openController } from '../composition/open-controller';
import { openPolicy } from '../composition/open-policy';
import { openTracing } from '../composition/open-tracing';
import { dashboardPage } from '../composition/promotion-pages';
import { createPullRequestDependencies, outboundOf } from '../composition/pull-request-dependencies';
import { installTemporalRuntime } from '../composition/temporal-runtime';

/** Created by the build beside the compiled sources. */
const workflowBundle = { codePath: join(__dirname, '../../../workflow-bundle.js') };

export interface WorkerSurroundings {
  /** The operator's; undefined: there is none. */
  readonly policy: PolicyFile | undefined;
  /** Whether Pipelines may name this machine without --allowed-hosts. */
  readonly loopback: boolean;
}

/** Starts the worker on the foundation. */
export async function openWorker(
  parts: OpenParts,
  foundation: Foundation,
  { policy, loopback }: WorkerSurroundings,
): Promise<RunningWorker> {
  const { config, log, target, client, registry } = foundation;
  if (policy !== undefined) await parts.add(policy);
  await installTemporalRuntime(log, config.temporalMetrics);
  const outage = new TemporalOutage(target, log);
  const connection = await parts.add(await connectWorker(target, (error) => outage.failed(error)));
  outage.over();
  await ensureSearchAttributes(client);
  await announceReader(foundation);
  const progress = await openController(parts, foundation);
  const worker = await parts.add(
    await startWorker({
      connection,
      namespace: target.namespace,
      workflowBundle,
      dependencies: {
        ...workerDependencies(foundation, loopback, policy),
        ...(progress === undefined ? {} : { progress }),
      },
      client,
      registry,
      metricsByPipeline: config.metricsByPipeline,
      log,
    }),
  );
  foundation.started('worker');
  return worker;
}

/** The API makes freezes only where it knows that a worker reads them. */
async function announceReader({ config, log }: Pick<Foundation, 'config' | 'log'>): Promise<void> {
  if (config.pipelines.kind !== 'directory') return;
  const { freezesDirectory: directory } = config.pipelines;
  await markAsReadByWorker(directory).catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    log.warn(
      { directory, code },
      'The API cannot make freezes: workers must be able to write to --freezes-dir',
    );
  });
}

function workerDependencies(
  { config, target, client, parser, store, capabilities, log }: Foundation,
  loopback: boolean,
  policyFile: PolicyFile | undefined,
): WorkerOptions['dependencies'] {
  const { dataDir, outbound, commit, dashboardUrl, temporalUiUrl } = config;
  const pages = { dashboardUrl, temporalUiUrl };
  const settings = { dataDir, outbound, commit, ...pages, namespace: target.namespace, loopback };
  const policy = policyFile === undefined ? {} : { policy: () => policyFile.current() };
  const authority =
    capabilities === undefined ? undefined : createAuthority({ capabilities, store, client, log, ...policy });
  const sink = createFluxEventSink({ address: config.eventsAddress, outbound: outboundOf(outbound) });
  return {
    ...createPullRequestDependencies(settings, store, parser),
    store,
    notifications: sink,
    ...(config.notices ? { notices: sink } : {}),
    ...(dashboardUrl === undefined ? {} : { dashboardPage: (id) => dashboardPage(dashboardUrl, id) }),
    retry: config.retry,
    log,
    ...policy,
    ...(authority === undefined ? {} : { authority }),
    runAlone: createRunAlone(settings, store, authority),
  };
}

/** `windlass worker`. @returns the exit code */
export async function runWorker(config: Config): Promise<number> {
  await requireWritable(config.dataDir, dataDirSetting);
  const log = createLog(config.log);
  const policy = await openPolicy(config.policyFile, log);
  return runUntilStopped(log, async (parts) => {
    await openTracing(parts, 'windlass-worker', process.env, log);
    const target = temporalTargetFromEnvironment();
    const foundation = await openFoundation(parts, { config, log, target, awaits: ['worker'] });
    if (foundation.capabilities !== undefined) warnOfUnsigned(foundation.capabilities, log);
    const { stopped } = await openWorker(parts, foundation, { policy, loopback: false });
    log.info({ ...foundation.addresses, temporal: foundation.target.address }, 'ready');
    return { ended: stopped };
  });
}
