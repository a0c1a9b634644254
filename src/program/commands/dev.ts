import { join } from 'node:path';
import { ensureLocalToken, localTokenFile } from '../../access/tokens/local-token';
import { openLocalAccess } from '../../access/local-access';
import { temporalTargetAt } from '../../temporal/connection';
import { startEmbeddedTemporal } from '../../temporal-server/start';
import { type Config } from '../../config/config';
import { dataDirSetting, requireWritable } from '../composition/writable-directory';
import { openFoundation } from '../composition/foundation';
import { localCapabilityKeyFile } from '../composition/open-capabilities';
import { openAccess } from '../composition/open-access';
import { openOperatorApi } from '../composition/open-operator-api';
import { openPolicy } from '../composition/open-policy';
import { openTracing } from '../composition/open-tracing';
import { runUntilStopped } from '../lifetime/lifetime';
import { createLog } from '../log';
import { type PipelineSource } from '../../config/pipeline-source';
import { openApi } from './api';
import { openWorker } from './worker';

/** The default namespace of the Temporal Web UI. */
const namespace = 'default';

/** The link at the start is used when its reader comes to it. */
const linkLifetimeMs = 12 * 60 * 60_000;

/** `windlass dev`: runs Temporal, worker and webhook together, for one machine. @returns the exit code */
export async function runDev(given: Config): Promise<number> {
  await requireWritable(given.dataDir, dataDirSetting);
  const log = createLog(given.log);
  const policy = await openPolicy(given.policyFile, log);
  return runUntilStopped(log, async (parts) => {
    await openTracing(parts, 'windlass', process.env, log);
    const temporal = await parts.add(
      await startEmbeddedTemporal({ dataDir: join(given.dataDir, 'temporal'), namespace, log }),
    );
    const config = {
      ...given,
      temporalUiUrl: given.temporalUiUrl ?? temporal.uiUrl,
      capabilityKeyFile: given.capabilityKeyFile ?? (await localCapabilityKeyFile(given.dataDir, Date.now())),
    };
    const target = temporalTargetAt(temporal.address, namespace);
    const foundation = await openFoundation(parts, { config, log, target, awaits: ['worker', 'webhook'] });
    const { stopped } = await openWorker(parts, foundation, {
      policy,
      // Users of this machine can call its services anyway; tenants of a cluster cannot.
      loopback: config.pipelines.kind === 'directory',
    });
    const access = await openLocalAccess(config.dataDir, await openAccess(parts, foundation));
    const api = await openOperatorApi(parts, foundation, access, policy);
    const webhook = await openApi(parts, foundation);
    const addresses = {
      webhook,
      ...(api === undefined ? {} : { api: api.url }),
      ...foundation.addresses,
      temporal: temporal.address,
      temporalUi: temporal.uiUrl,
    };
    log.info(addresses, 'ready');
    if (process.stdout.isTTY) {
      const link = api?.dashboardLink(await ensureLocalToken(config.dataDir), linkLifetimeMs);
      console.log(welcome(addresses, config, link));
    }
    return { ended: stopped };
  });
}

function pipelinesFrom(source: PipelineSource): string {
  return source.kind === 'directory' ? source.directory : 'from Kubernetes';
}

function welcome(
  addresses: { readonly webhook: string; readonly api?: string; readonly temporalUi: string },
  config: Config,
  link: string | undefined,
): string {
  const dashboard = link === undefined ? '' : `    Dashboard        ${link}\n`;
  const api =
    addresses.api === undefined
      ? ''
      : `    API              ${addresses.api}, with the token in ${localTokenFile(config.dataDir)}\n`;
  return `
  Windlass is ready. Ctrl-C stops it.

${dashboard}    Webhook          ${addresses.webhook}/promotion/{namespace}/{pipeline}/{environment}
    Temporal Web UI  ${addresses.temporalUi}
${api}    Pipelines        ${pipelinesFrom(config.pipelines)}
    Data             ${config.dataDir}
`;
}
