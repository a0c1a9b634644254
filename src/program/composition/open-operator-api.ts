import { join } from 'node:path';
import { type Access } from '../../access/access';
import { createAuditLog } from '../../api/audit-log';
import { EventStreams } from '../../api/operator/event-streams';
import { operatorHandlers } from '../../api/operator/handlers';
import { AnswerMemory } from '../../api/operator/idempotency';
import { startOperatorApi } from '../../api/operator/server';
import { type PolicyFile } from '../../store/policy-file';
import { openReadModel } from '../../read-model/read-model';
import { createLaneListing } from '../../temporal/listed-lanes';
import { createOperatorActs } from '../../temporal/operator-acts';
import { workflowPage } from '../../temporal/workflow-page';
import { createPromotionReader } from '../../temporal/promotion-reader';
import { type OpenParts } from '../lifetime/open-parts';
import { openFreezeDesk } from './open-freeze-desk';
import { type Foundation, server } from './foundation';
import { listeningUrl } from './listening-url';
import { openDashboardLogin } from './open-dashboard-login';
import { tracePage } from './trace-page';

/** Beside the compiled program. */
const dashboard = join(__dirname, '../../../dashboard');

export interface RunningOperatorApi {
  readonly url: string;
  /** A link that logs a browser in, once. @param token known here */
  dashboardLink(token: string, lifetimeMs: number): string;
}

/**
 * Starts the operators' API on the foundation.
 * @param access undefined: no one could log in
 * @param policyFile undefined: there is no operator's policy
 * @returns undefined: it is disabled, or not configured
 */
export async function openOperatorApi(
  parts: OpenParts,
  foundation: Foundation,
  access: Access | undefined,
  policyFile: PolicyFile | undefined,
): Promise<RunningOperatorApi | undefined> {
  const { config, log, client, store, registry, capabilities: signer } = foundation;
  const { bind } = config.operator;
  if (bind === undefined) return undefined;
  if (access === undefined) {
    log.info(
      "The operators' API is not started, because no one could log in: see docs/access.md, or set --api-bind-address=0.",
    );
    return undefined;
  }
  const model = await parts.add(openReadModel({ store, lanes: createLaneListing(client), log }));
  const freezes = await openFreezeDesk(parts, foundation);
  const streams = new EventStreams(model.changes);
  const { temporalUiUrl, traceUrl } = config;
  const login = await openDashboardLogin(foundation);
  const listening = await startOperatorApi({
    bind,
    access,
    dashboard,
    login,
    streams,
    handlers: operatorHandlers({
      access,
      model,
      store,
      acts: createOperatorActs(client),
      promotions: createPromotionReader(client),
      freezes,
      signer,
      policy: () => policyFile?.current() ?? { rules: [] },
      streams,
      answers: new AnswerMemory(),
      audit: createAuditLog(log),
      temporalPage: (workflowId) =>
        temporalUiUrl === undefined
          ? undefined
          : workflowPage(temporalUiUrl, client.options.namespace, workflowId),
      tracePage: (traceparent) => tracePage(traceUrl, traceparent),
      now: Date.now,
    }),
    failureLimit: config.webhook.rateLimit,
    trustedProxies: config.webhook.trustedProxies,
    registry,
    logger: log,
  });
  const { port } = await parts.add(server(listening));
  const url = listeningUrl(bind, port);
  return { url, dashboardLink: (token, lifetimeMs) => url + login.links.make(token, lifetimeMs) };
}
