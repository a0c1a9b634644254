import { join } from 'node:path';
import { type TlsMaterial } from '../../domain/credentials';
import { createRepositoryCache } from '../../git/cache/repository-cache';
import { createFluxEventSink } from '../../flux/flux-notification-sink';
import { createOutbound } from '../../http/outbound/create-outbound';
import { permittedAddresses } from '../../http/outbound/permitted-addresses';
import { type RequestPolicy } from '../../http/outbound/request-policy';
import { proxyFromEnvironment } from '../../http/outbound/proxy-settings';
import { providerOf } from '../../providers/registry';
import { createApiAccess } from '../../providers/rest/api-access';
import { createCredentialSource } from '../../store/credential-source';
import { createSigningKeySource } from '../../store/signing-key-source';
import { connectWorker } from '../../temporal/connection';
import { TemporalOutage } from '../../temporal/outage';
import { temporalTargetFromEnvironment } from '../../temporal/target-from-environment';
import { promotionPage } from '../../temporal/promotion-page';
import { ensureSearchAttributes } from '../../temporal/search-attributes';
import { type RunningWorker, type WorkerOptions, startWorker } from '../../worker/start-worker';
import { type Config } from '../../config/config';
import { type Foundation, openFoundation } from '../composition/foundation';
import { runUntilStopped } from '../lifetime/lifetime';
import { createLog } from '../log';
import { type OpenParts } from '../lifetime/open-parts';
import { dataDirSetting, requireWritable } from '../composition/writable-directory';
import { openController } from '../composition/open-controller';
import { installTemporalRuntime } from '../composition/temporal-runtime';

/** Created by the build beside the compiled sources. */
const workflowBundle = { codePath: join(__dirname, '../../../workflow-bundle.js') };

/** Enough for a few hundred repositories, because they are bare and shallow. */
const repositoryCacheBytes = 2_000_000_000;

/** Starts the worker on the foundation. */
export async function openWorker(parts: OpenParts, foundation: Foundation): Promise<RunningWorker> {
  const { log, target, client, registry } = foundation;
  installTemporalRuntime(log);
  const outage = new TemporalOutage(target, log);
  const connection = await parts.add(await connectWorker(target, (error) => outage.failed(error)));
  outage.over();
  await ensureSearchAttributes(client);
  const progress = await openController(parts, foundation);
  const worker = await parts.add(
    await startWorker({
      connection,
      namespace: target.namespace,
      workflowBundle,
      dependencies: {
        ...workerDependencies(foundation),
        ...(progress === undefined ? {} : { progress }),
      },
      client,
      registry,
      log,
    }),
  );
  foundation.started('worker');
  return worker;
}

function workerDependencies({ config, target, parser, store }: Foundation): WorkerOptions['dependencies'] {
  const { temporalUiUrl } = config;
  const { allowedHosts, allowPlainHttp, refusePrivateHosts } = config.outbound;
  const reach = { privateNetworks: !refusePrivateHosts, allowedHosts };
  const proxy = proxyFromEnvironment(process.env);
  /** To hosts of a Pipeline with a `reach`, to hosts of the operator without. */
  const outbound = (within: Pick<RequestPolicy, 'reach'>) => (hosts: readonly string[], tls?: TlsMaterial) =>
    createOutbound({
      ...within,
      allowedHosts: [...hosts, ...allowedHosts],
      allowPlainHttp,
      proxy,
      ...(tls === undefined ? {} : { tls }),
    });
  const credentials = createCredentialSource(store, (type) => providerOf(type).gitUsername);
  return {
    store,
    parser,
    repositories: createRepositoryCache({
      directory: join(config.dataDir, 'repositories'),
      maxBytes: repositoryCacheBytes,
      credentials,
      signingKeys: createSigningKeySource(store),
      allowPlainHttp,
      addressesOf: (host) => permittedAddresses(host, reach),
      environment: process.env,
    }),
    provider: providerOf,
    commits: config.commit,
    apiAccess: createApiAccess(credentials, outbound({ reach })),
    promotionPage: (task) =>
      temporalUiUrl === undefined ? undefined : promotionPage(temporalUiUrl, target.namespace, task),
    notifications: createFluxEventSink({ address: config.eventsAddress, outbound: outbound({}) }),
    retry: config.retry,
  };
}

/** `windlass worker`. @returns the exit code */
export async function runWorker(config: Config): Promise<number> {
  await requireWritable(config.dataDir, dataDirSetting);
  const log = createLog(config.log);
  return runUntilStopped(log, async (parts) => {
    const target = temporalTargetFromEnvironment();
    const foundation = await openFoundation(parts, { config, log, target, awaits: ['worker'] });
    const { stopped } = await openWorker(parts, foundation);
    log.info({ ...foundation.addresses, temporal: foundation.target.address }, 'ready');
    return { ended: stopped };
  });
}
