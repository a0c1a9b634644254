import { homedir } from 'node:os';
import { join } from 'node:path';
import { accessSettings } from './access-settings';
import { commitSettings } from './commit-settings';
import { type Environment, type Registry } from './setting';
import * as kind from './value-kinds';

const api = ['api'] as const;
const worker = ['worker'] as const;
const both = ['api', 'worker'] as const;

/**
 * All settings of `api`, `worker` and `dev`. After a change here, run `npm run generate` to update the documentation
 * and the chart. Names and defaults up to `enable-level-triggered` are those of pipeline-controller and must not
 * change.
 */
export const settings = {
  hookBindAddress: {
    flag: 'promotion-hook-bind-address',
    kind: kind.bindAddress,
    default: ':8082',
    description: 'the address that the webhook listens on',
    readBy: api,
    config: 'webhook.bind',
  },
  hookRateLimit: {
    flag: 'promotion-hook-rate-limit',
    kind: kind.atLeast(1, kind.count),
    default: '20',
    description: 'failed requests per client address, and events per environment, in one interval',
    readBy: api,
    config: 'webhook.rateLimit.value',
    chart: { value: 'promotion.rateLimit.value' },
  },
  hookRateLimitInterval: {
    flag: 'promotion-hook-rate-limit-interval',
    kind: kind.atLeast(1_000, kind.seconds),
    default: '30',
    description: 'the interval of the rate limit',
    readBy: api,
    config: 'webhook.rateLimit.intervalMs',
    chart: { value: 'promotion.rateLimit.interval' },
  },
  retryDelay: {
    flag: 'promotion-retry-delay',
    kind: kind.seconds,
    default: '2',
    description: 'delay after the first failed attempt of a promotion; doubles with each attempt',
    readBy: worker,
    chart: { value: 'promotion.retry.delay' },
  },
  retryMaxDelay: {
    flag: 'promotion-retry-max-delay',
    kind: kind.seconds,
    default: '20',
    description: 'maximum delay between two attempts',
    readBy: worker,
    chart: { value: 'promotion.retry.maxDelay' },
  },
  retryThreshold: {
    flag: 'promotion-retry-threshold',
    kind: kind.count,
    default: '3',
    description: 'number of failed attempts after which a promotion fails',
    readBy: worker,
    chart: { value: 'promotion.retry.threshold' },
  },
  eventsAddr: {
    flag: 'events-addr',
    kind: kind.httpUrl,
    description: 'the notification-controller that receives the events of the notification strategy',
    readBy: worker,
    config: 'eventsAddress',
    chart: {
      value: 'controller.manager.eventsAddr',
      default: 'http://notification-controller.flux-system.svc.cluster.local./',
      meaning:
        'the notification-controller that receives the events of the [notification strategy](../flux.md#promotion-by-notification); empty: none',
      template: 'windlass.eventsAddr',
    },
  },
  notices: {
    flag: 'notices',
    kind: kind.boolean,
    default: 'false',
    description:
      'send events for people to the notification-controller at --events-addr: approvals that are needed, failures, freezes, merges outside gates',
    readBy: worker,
    config: 'notices',
    chart: {
      value: 'notices.enabled',
      meaning:
        'notify people by the notification-controller at `controller.manager.eventsAddr`: see [Notifications](../notifications.md)',
    },
  },
  apiBindAddress: {
    flag: 'api-bind-address',
    kind: kind.optionalBindAddress,
    default: ':8083',
    description: 'the address of the API for operators; 0 disables it',
    readBy: api,
    config: 'operator.bind',
  },
  healthBindAddress: {
    flag: 'health-probe-bind-address',
    kind: kind.optionalBindAddress,
    default: ':8081',
    description: 'the address that serves /healthz and /readyz; 0 disables them',
    readBy: both,
    config: 'health',
  },
  metricsBindAddress: {
    flag: 'metrics-bind-address',
    kind: kind.optionalBindAddress,
    default: ':8080',
    description: 'the address that serves /metrics; 0 disables it',
    readBy: both,
    config: 'metrics',
  },
  metricsByPipeline: {
    flag: 'metrics-by-pipeline',
    kind: kind.boolean,
    default: 'false',
    description: 'also count results and lead times by Pipeline and environment, at most 500 of them',
    readBy: worker,
    config: 'metricsByPipeline',
    chart: { value: 'metrics.byPipeline' },
  },
  temporalMetricsBindAddress: {
    flag: 'temporal-metrics-bind-address',
    kind: kind.optionalBindAddress,
    default: '0',
    description: "the address that serves the metrics of Temporal's SDK under /metrics; 0 disables it",
    readBy: worker,
    config: 'temporalMetrics',
  },
  logLevel: {
    flag: 'log-level',
    kind: kind.choice('level', ['trace', 'debug', 'info', 'warn', 'error']),
    default: 'info',
    description: 'trace, debug, info, warn or error',
    readBy: both,
    config: 'log.level',
    chart: { value: 'logging.level' },
  },
  logEncoding: {
    flag: 'log-encoding',
    kind: kind.choice('encoding', ['json', 'console']),
    default: 'json',
    description: 'json or console',
    readBy: both,
    config: 'log.encoding',
    chart: { value: 'logging.encoding' },
  },
  leaderElect: {
    flag: 'leader-elect',
    kind: kind.boolean,
    default: 'false',
    description: 'accepted for compatibility; has no effect',
    readBy: both,
    warning: 'has no effect: Temporal distributes the work to several workers.',
  },
  levelTriggered: {
    flag: 'enable-level-triggered',
    kind: kind.boolean,
    default: 'false',
    description: 'accepted for compatibility; has no effect',
    readBy: both,
    warning: 'has no effect yet: only events start promotions.',
  },
  pipelinesDir: {
    flag: 'pipelines-dir',
    kind: kind.existingDirectory,
    description:
      'YAML files with Pipelines, Freezes and Secrets, read again when they change; default: read them from Kubernetes',
    readBy: both,
  },
  freezesDir: {
    flag: 'freezes-dir',
    kind: kind.directory,
    description:
      'YAML files with the freezes and suspensions that the API makes, with --pipelines-dir: the same directory for api and worker (default: freezes in --data-dir)',
    readBy: both,
  },
  kubeconfig: {
    flag: 'kubeconfig',
    kind: kind.existingFile,
    description: "access to a Kubernetes API server (default: KUBECONFIG, then the Pod's ServiceAccount)",
    readBy: both,
  },
  watchNamespaces: {
    flag: 'watch-namespaces',
    kind: kind.namespaces,
    default: '',
    description:
      'the namespaces whose Pipelines, Freezes and Secrets are read, separated by commas (default: all)',
    readBy: both,
    chart: {
      value: 'watchNamespaces',
      meaning:
        'the namespaces whose Pipelines Windlass reads, with Roles in them; empty: all namespaces, with ClusterRoles. See [permissions](rbac.md)',
    },
  },
  policyFile: {
    flag: 'policy-file',
    kind: kind.file,
    description:
      "a YAML file with an operator's policy, gates that no Pipeline weakens; read again when it changes",
    readBy: both,
    config: 'policyFile',
  },
  capabilityKeyFile: {
    flag: 'capability-key-file',
    kind: kind.file,
    description:
      'a YAML file with the keys that sign what the API and the webhook vouch for; read again when it changes. default: nothing is signed, but windlass dev makes a file in its data directory',
    readBy: both,
    config: 'capabilityKeyFile',
  },
  ...commitSettings,
  ...accessSettings,
  trustedProxies: {
    flag: 'trusted-proxies',
    kind: kind.proxyAddresses,
    default: '',
    description: 'addresses and CIDRs of proxies whose X-Forwarded-For is trusted, separated by commas',
    readBy: api,
    config: 'webhook.trustedProxies',
    chart: {
      value: 'trustedProxies',
      meaning:
        'addresses and CIDRs of proxies whose `X-Forwarded-For` is trusted: see [client addresses](ingress.md#client-addresses)',
    },
  },
  hookMaxBody: {
    flag: 'promotion-hook-max-body',
    kind: kind.bytes,
    default: '262144',
    description: 'maximum size of a request body of the webhook',
    readBy: api,
    config: 'webhook.maxBodyBytes',
  },
  eventMaxAge: {
    flag: 'event-max-age',
    kind: kind.goDuration,
    default: '24h',
    description: 'older events are ignored as stale',
    readBy: api,
    config: 'webhook.eventMaxAgeMs',
  },
  allowUnsigned: {
    flag: 'allow-unsigned',
    kind: kind.boolean,
    default: 'false',
    description: 'accept unsigned events for every Pipeline without a secretRef',
    readBy: api,
    config: 'webhook.allowUnsigned',
  },
  allowUnboundApprovals: {
    flag: 'allow-unbound-approvals',
    kind: kind.boolean,
    default: 'false',
    description:
      "accept pipeline-controller's approvals, whose signature covers an empty body: it is the same for all versions, forever",
    readBy: api,
    config: 'webhook.allowUnboundApprovals',
  },
  allowedHosts: {
    flag: 'allowed-hosts',
    kind: kind.hosts,
    default: '',
    description:
      "hosts that Windlass can call besides a repository's own, also on the local machine and in private networks, as host or host:port, separated by commas",
    readBy: worker,
    config: 'outbound.allowedHosts',
  },
  refusePrivateHosts: {
    flag: 'refuse-private-hosts',
    kind: kind.boolean,
    default: 'false',
    description:
      'reject hosts of Pipelines in private networks, except for --allowed-hosts; also on the local machine in windlass dev',
    readBy: worker,
    config: 'outbound.refusePrivateHosts',
  },
  allowPlainHttp: {
    flag: 'allow-plain-http',
    kind: kind.boolean,
    default: 'false',
    description: 'allow credentials over plain HTTP to other machines',
    readBy: worker,
    config: 'outbound.allowPlainHttp',
  },
  temporalUiUrl: {
    flag: 'temporal-ui-url',
    kind: kind.httpUrl,
    description:
      'address of the Temporal Web UI, for links in answers of the API, and in pull requests where --dashboard-url is not set',
    readBy: both,
    config: 'temporalUiUrl',
    chart: { value: 'temporal.uiUrl' },
  },
  traceUrl: {
    flag: 'trace-url',
    kind: kind.traceUrl,
    description: `address of the page of a trace, with ${kind.traceIdPlaceholder} for its id, for links in answers of the API`,
    readBy: api,
    config: 'traceUrl',
    chart: {
      value: 'tracing.url',
      meaning:
        'address of the page of a trace, with `{traceId}` for its id, for [links from promotions](../tracing.md#links-from-promotions). It does not turn traces on: `OTEL_EXPORTER_OTLP_ENDPOINT` in `extraEnv` [does](../tracing.md#turn-them-on)',
    },
  },
  dataDir: {
    flag: 'data-dir',
    kind: kind.directory,
    default: defaultDataDir,
    description:
      "the repository cache, freezes of the API, and dev's database (default: ~/.local/share/windlass)",
    readBy: both,
    config: 'dataDir',
  },
} as const satisfies Registry;

/** `$XDG_DATA_HOME/windlass`, default `~/.local/share/windlass` (XDG Base Directory Specification). */
function defaultDataDir(env: Environment): string {
  return join(env['XDG_DATA_HOME'] || join(env['HOME'] || homedir(), '.local/share'), 'windlass');
}
