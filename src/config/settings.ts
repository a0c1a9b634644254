/** One setting of `api`, `worker` and `dev`: a flag, and an environment variable named after it. */
export interface Setting {
  readonly flag: string;
  /** What stands for the value in the help; `boolean` may be left out on the command line. */
  readonly argument: string;
  readonly default?: string;
  readonly description: string;
}

/** Names and defaults of the first ones are the original's; those keep working. */
export const settings = {
  hookBindAddress: {
    flag: 'promotion-hook-bind-address',
    argument: 'address',
    default: ':8082',
    description: 'where the webhook listens, as Go writes addresses',
  },
  hookRateLimit: {
    flag: 'promotion-hook-rate-limit',
    argument: 'count',
    default: '20',
    description: 'failed requests per client address, and events per environment, in one interval',
  },
  hookRateLimitInterval: {
    flag: 'promotion-hook-rate-limit-interval',
    argument: 'seconds',
    default: '30',
    description: 'the interval of the rate limit',
  },
  retryDelay: {
    flag: 'promotion-retry-delay',
    argument: 'seconds',
    default: '2',
    description: 'wait after the first failed attempt of a promotion; doubles each time',
  },
  retryMaxDelay: {
    flag: 'promotion-retry-max-delay',
    argument: 'seconds',
    default: '20',
    description: 'longest wait between two attempts',
  },
  retryThreshold: {
    flag: 'promotion-retry-threshold',
    argument: 'count',
    default: '3',
    description: 'attempts in all before a promotion has failed',
  },
  eventsAddr: {
    flag: 'events-addr',
    argument: 'url',
    description: 'the notification-controller that gets the events of the notification strategy',
  },
  healthBindAddress: {
    flag: 'health-probe-bind-address',
    argument: 'address',
    default: ':8081',
    description: 'where /healthz and /readyz are served; 0 turns them off',
  },
  metricsBindAddress: {
    flag: 'metrics-bind-address',
    argument: 'address',
    default: ':8080',
    description: 'where /metrics is served; 0 turns it off',
  },
  logLevel: {
    flag: 'log-level',
    argument: 'level',
    default: 'info',
    description: 'trace, debug, info, warn or error',
  },
  logEncoding: {
    flag: 'log-encoding',
    argument: 'encoding',
    default: 'json',
    description: 'json or console',
  },
  leaderElect: {
    flag: 'leader-elect',
    argument: 'boolean',
    default: 'false',
    description: 'taken for compatibility; has no effect',
  },
  levelTriggered: {
    flag: 'enable-level-triggered',
    argument: 'boolean',
    default: 'false',
    description: 'taken for compatibility; has no effect',
  },
  pipelinesDir: {
    flag: 'pipelines-dir',
    argument: 'directory',
    description:
      'YAML files with Pipelines and Secrets, read again when they change; without it they come from Kubernetes',
  },
  kubeconfig: {
    flag: 'kubeconfig',
    argument: 'file',
    description: "access to a Kubernetes API server (default: KUBECONFIG, then the Pod's ServiceAccount)",
  },
  watchNamespaces: {
    flag: 'watch-namespaces',
    argument: 'namespaces',
    default: '',
    description:
      'the only namespaces whose Pipelines and Secrets are read, separated by commas (default: all)',
  },
  trustedProxies: {
    flag: 'trusted-proxies',
    argument: 'addresses',
    default: '',
    description: 'addresses and CIDRs of proxies whose X-Forwarded-For counts, separated by commas',
  },
  hookMaxBody: {
    flag: 'promotion-hook-max-body',
    argument: 'bytes',
    default: '262144',
    description: 'largest request body that the webhook reads',
  },
  eventMaxAge: {
    flag: 'event-max-age',
    argument: 'duration',
    default: '24h',
    description: 'older events are ignored as stale',
  },
  allowUnsigned: {
    flag: 'allow-unsigned',
    argument: 'boolean',
    default: 'false',
    description: 'let every Pipeline without a secretRef take unsigned events',
  },
  allowedHosts: {
    flag: 'allowed-hosts',
    argument: 'hosts',
    default: '',
    description:
      "hosts that may be called besides a repository's own, as host or host:port, separated by commas",
  },
  allowPlainHttp: {
    flag: 'allow-plain-http',
    argument: 'boolean',
    default: 'false',
    description: 'let credentials travel over plain http to other machines',
  },
  temporalUiUrl: {
    flag: 'temporal-ui-url',
    argument: 'url',
    description: 'address of the Temporal Web UI, for links in pull requests',
  },
  dataDir: {
    flag: 'data-dir',
    argument: 'directory',
    description: "cache of repositories, and dev's database (default: ~/.local/share/windlass)",
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;

/** `--log-level` is also `WINDLASS_LOG_LEVEL`. */
export function environmentVariable({ flag }: Setting): string {
  return `WINDLASS_${flag.toUpperCase().replaceAll('-', '_')}`;
}
