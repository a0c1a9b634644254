import { createApiMetrics, registerOldestUnhandledEvent } from '../../api/webhook/metrics';
import { registerFreezeMetrics } from '../../api/freeze-metrics';
import { startApi } from '../../api/webhook/server';
import { oldestUnhandledEventSeconds } from '../../temporal/backlog';
import { TemporalOutage } from '../../temporal/outage';
import { temporalTargetFromEnvironment } from '../../temporal/target-from-environment';
import { createFollowerHints } from '../../temporal/follower-hints';
import { createLaneReporter } from '../../temporal/lanes';
import { createManualApprovals } from '../../temporal/manual-approvals';
import { ensureSearchAttributesSoon } from '../../temporal/search-attributes';
import { type Config } from '../../config/config';
import { type Foundation, openFoundation, server } from '../composition/foundation';
import { openAccess } from '../composition/open-access';
import { openOperatorApi } from '../composition/open-operator-api';
import { openPolicy } from '../composition/open-policy';
import { openTracing } from '../composition/open-tracing';
import { runUntilStopped } from '../lifetime/lifetime';
import { listeningUrl } from '../composition/listening-url';
import { createLog } from '../log';
import { type OpenParts } from '../lifetime/open-parts';

/** Starts the webhook on the foundation. @returns its URL */
export async function openApi(parts: OpenParts, foundation: Foundation): Promise<string> {
  const { config, log, client, store, registry, capabilities } = foundation;
  const { rateLimit, ...webhook } = config.webhook;
  registerOldestUnhandledEvent(registry, () => oldestReceipt(foundation), Date.now);
  registerFreezeMetrics(registry, store, Date.now);
  const listening = await startApi({
    ...webhook,
    limit: rateLimit,
    store,
    lanes: createLaneReporter(client),
    hints: createFollowerHints(client),
    approvals: createManualApprovals(client),
    ...(capabilities === undefined ? {} : { capabilities }),
    logger: log,
    metrics: createApiMetrics(registry),
    now: Date.now,
  });
  const { port } = await parts.add(server(listening));
  foundation.started('webhook');
  return listeningUrl(webhook.bind, port);
}

async function oldestReceipt({ client }: Foundation): Promise<number | undefined> {
  const age = await oldestUnhandledEventSeconds(client);
  return age > 0 ? Date.now() - age * 1_000 : undefined;
}

/** `windlass api`. @returns the exit code */
export async function runApi(config: Config): Promise<number> {
  const log = createLog(config.log);
  const policy = await openPolicy(config.policyFile, log);
  return runUntilStopped(log, async (parts) => {
    await openTracing(parts, 'windlass-api', process.env, log);
    const target = temporalTargetFromEnvironment();
    const foundation = await openFoundation(parts, { config, log, target, awaits: ['webhook'] });
    const outage = new TemporalOutage(foundation.target, log);
    await parts.add(
      ensureSearchAttributesSoon(
        foundation.client,
        (error) => outage.failed(error),
        () => outage.over(),
      ),
    );
    const access = await openAccess(parts, foundation);
    const api = await openOperatorApi(parts, foundation, access, policy);
    const webhook = await openApi(parts, foundation);
    const addresses = { webhook, ...(api === undefined ? {} : { api: api.url }), ...foundation.addresses };
    log.info({ ...addresses, temporal: foundation.target.address }, 'ready');
    return { ended: new Promise(() => undefined) };
  });
}
