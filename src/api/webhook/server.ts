import { type Logger } from 'pino';
import { type CapabilitySigner } from '../../capability/capabilities';
import { type IndexedPipelineStore } from '../../store/pipeline-store';
import { type BindAddress } from '../../http/serving/bind-address';
import { createAuditLog } from '../audit-log';
import { bodyBudget } from './body-budget';
import { failureLimit } from './failure-limit';
import { type RateLimit, fixedWindow } from './fixed-window';
import { type Listening, listen } from '../../http/serving/http-listener';
import { type ApiMetrics } from './metrics';
import { type FollowerHints } from '../../temporal/follower-hints';
import { pacedHints } from '../provider-hooks/paced-hints';
import { maxDeliveryBytes } from '../provider-hooks/routes';
import { type LaneReporter } from '../../temporal/lane-reporter';
import { type ManualApprovals } from '../../temporal/manual-approvals';
import { signReports } from './signed-reports';
import { webhookApp } from './webhook';

export interface ApiOptions {
  readonly bind: BindAddress;
  readonly store: IndexedPipelineStore;
  readonly lanes: LaneReporter;
  readonly hints: FollowerHints;
  readonly approvals: ManualApprovals;
  /** Whether approvals count whose signature covers an empty body. */
  readonly allowUnboundApprovals: boolean;
  /** Signs what the webhook has verified. Absent: there is no key. */
  readonly capabilities?: CapabilitySigner;
  /** The limits of failed requests by client address, and of events by pipeline and environment. */
  readonly limit: RateLimit;
  readonly maxBodyBytes: number;
  /** Older events are ignored. */
  readonly eventMaxAgeMs: number;
  /** Whether every pipeline that names no Secret accepts unsigned events. */
  readonly allowUnsigned: boolean;
  /** Addresses and CIDRs of the trusted proxies. */
  readonly trustedProxies: readonly string[];
  readonly logger: Logger;
  readonly metrics: ApiMetrics;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Serves the webhook, and `/healthz` on the same port, as pipeline-controller did.
 * @throws Error that says what to do, if it cannot listen on the address or the address of a proxy is invalid
 */
export async function startApi(options: ApiOptions): Promise<Listening> {
  const { store, limit, allowUnsigned, eventMaxAgeMs, now } = options;
  const lanes = signReports(options.lanes, options.capabilities, now);
  // Not the wall clock: a window must not become longer if the clock is set back.
  const monotonic = (): number => performance.now();
  const events = fixedWindow(limit, monotonic);
  const app = webhookApp({
    receiving: { store, lanes, allowUnsigned, eventMaxAgeMs, now, events },
    approvals: {
      store,
      approvals: options.approvals,
      ...(options.capabilities === undefined ? {} : { capabilities: options.capabilities }),
      allowUnbound: options.allowUnboundApprovals,
      requests: events,
      audit: createAuditLog(options.logger),
      now,
    },
    deliveries: { store, hints: pacedHints(options.hints, options.logger) },
    failures: failureLimit(limit, monotonic),
    maxBodyBytes: options.maxBodyBytes,
    bodies: bodyBudget(Math.max(options.maxBodyBytes, maxDeliveryBytes)),
    trustedProxies: options.trustedProxies,
    logger: options.logger,
    metrics: options.metrics,
  });
  return listen(app, options.bind);
}
