import { type Logger } from 'pino';
import { type Access } from '../../access/access';
import { type BindAddress } from '../../http/serving/bind-address';
import { type Listening, listen } from '../../http/serving/http-listener';
import { type MetricsRegistry } from '../../metrics/registry';
import { openApiDocument } from '../../operator/openapi';
import { type DashboardLogin } from '../dashboard/login-routes';
import { bodyBudget } from '../webhook/body-budget';
import { type RateLimit } from '../webhook/fixed-window';
import { operatorApp } from './app';
import { type EventStreams } from './event-streams';
import { createOperatorMetrics } from './metrics';
import { type Handlers } from './operator-request';
import { tokenAttempts } from './token-attempts';

export interface OperatorApiOptions {
  readonly bind: BindAddress;
  readonly access: Access;
  readonly handlers: Handlers;
  readonly streams: EventStreams;
  /** Of failed authentications with one token from one client address: see `tokenAttempts`. */
  readonly failureLimit: RateLimit;
  /** Addresses and CIDRs of the trusted proxies. */
  readonly trustedProxies: readonly string[];
  /** The directory with the files of the dashboard; absent: none is served. */
  readonly dashboard?: string;
  /** How people log in to it; absent: no one can. */
  readonly login?: DashboardLogin;
  readonly registry: MetricsRegistry;
  readonly logger: Logger;
}

/** Some requests of the largest body at once. */
const bodyRoom = 64 * 1024;

/**
 * Serves the operators' API on a listener of its own.
 * @throws Error that says what to do, if it cannot listen on the address
 */
export async function startOperatorApi(options: OperatorApiOptions): Promise<Listening> {
  const { access, handlers, streams, logger, trustedProxies, dashboard, login } = options;
  const app = operatorApp({
    access,
    handlers,
    logger,
    trustedProxies,
    // Not the wall clock: a window must not become longer if the clock is set back.
    tokens: tokenAttempts(options.failureLimit, () => performance.now()),
    bodies: bodyBudget(bodyRoom),
    metrics: createOperatorMetrics(options.registry, () => streams.open),
    document: JSON.stringify(openApiDocument()),
    ...(dashboard === undefined ? {} : { dashboard }),
    ...(login === undefined ? {} : { login, sessions: login.sessions }),
    ...(login?.url === undefined ? {} : { dashboardUrl: login.url }),
  });
  const listening = await listen(app, options.bind);
  return {
    port: listening.port,
    close: (deadlineMs) => {
      // They never end by themselves.
      streams.close();
      return listening.close(deadlineMs);
    },
  };
}
