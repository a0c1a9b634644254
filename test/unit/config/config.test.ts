import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Flags, readConfig } from '../../../src/config/config';
import { ConfigurationError } from '../../../src/config/configuration-error';

let pipelinesDir: string;
beforeAll(() => {
  pipelinesDir = mkdtempSync(join(tmpdir(), 'windlass-config-'));
});
afterAll(() => rmSync(pipelinesDir, { recursive: true }));

const read = (flags: Flags = {}, env: Record<string, string> = {}) =>
  readConfig({ pipelinesDir, ...flags }, { HOME: '/home/someone', ...env });

function faultsOf(flags: Flags, env: Record<string, string> = {}): readonly string[] {
  try {
    readConfig(flags, { HOME: '/home/someone', ...env });
    return [];
  } catch (error) {
    return (error as ConfigurationError).faults;
  }
}

describe('without anything but the pipelines', () => {
  it("has the original's defaults", () => {
    expect(read()).toMatchObject({
      webhook: {
        bind: { port: 8082 },
        rateLimit: { value: 20, intervalMs: 30_000 },
        maxBodyBytes: 262_144,
        eventMaxAgeMs: 86_400_000,
        allowUnsigned: false,
        trustedProxies: [],
      },
      health: { port: 8081 },
      metrics: { port: 8080 },
      retry: { delayMs: 2_000, maxDelayMs: 20_000, threshold: 3 },
      eventsAddress: undefined,
      pipelines: {
        kind: 'directory',
        directory: pipelinesDir,
        freezesDirectory: '/home/someone/.local/share/windlass/freezes',
      },
      dataDir: '/home/someone/.local/share/windlass',
      outbound: { allowedHosts: [], allowPlainHttp: false },
      temporalUiUrl: undefined,
      log: { level: 'info', encoding: 'json' },
      warnings: [],
    });
  });

  it('keeps data where XDG_DATA_HOME says', () => {
    expect(read({}, { XDG_DATA_HOME: '/var/data' }).dataDir).toBe('/var/data/windlass');
  });
});

describe('promotion commits', () => {
  it('are as the installation wants them', () => {
    expect(
      read({
        commitAuthorName: 'Bot',
        commitAuthorEmail: 'bot@example.com',
        commitMessageTemplate: 'chore: {title}\n\nSigned-off-by: Bot <bot@example.com>',
        commitSigningSecret: 'flux-system/signing',
      }).commit,
    ).toEqual({
      author: { name: 'Bot', email: 'bot@example.com' },
      committer: {},
      messageTemplate: 'chore: {title}\n\nSigned-off-by: Bot <bot@example.com>',
      signingKey: { namespace: 'flux-system', secretName: 'signing' },
    });
  });

  it.each([
    [{ commitAuthorName: '<x>' }, '--commit-author-name is "<x>": it must not hold <, >'],
    [{ commitCommitterEmail: 'bot' }, '--commit-committer-email is "bot": it must be an e-mail address'],
    [{ commitMessageTemplate: '{tag}' }, '--commit-message-template is "{tag}": it has the unknown variable'],
    [{ commitSigningSecret: 'signing' }, 'it must be the namespace/name of a Secret'],
  ])('%j is refused', (flags, fault) => {
    expect(faultsOf({ pipelinesDir, ...flags })).toEqual([expect.stringContaining(fault)]);
  });
});

describe('where Pipelines come from', () => {
  const sourceOf = (flags: Flags, env: Record<string, string> = {}) =>
    readConfig(flags, { HOME: '/home/someone', ...env }).pipelines;
  const inPod = { KUBERNETES_SERVICE_HOST: '10.0.0.1' };
  // Any file will do: it is read later.
  const kubeconfig = __filename;

  it('is the API server, as a ServiceAccount, in a Pod', () => {
    expect(sourceOf({}, inPod)).toEqual({ kind: 'kubernetes', kubeconfigs: [], watchNamespaces: [] });
  });

  it('is the API server of a kubeconfig, by flag before KUBECONFIG', () => {
    const env = { ...inPod, KUBECONFIG: `/no/such:${kubeconfig}:${kubeconfig}` };
    expect(sourceOf({}, env)).toMatchObject({ kubeconfigs: [kubeconfig, kubeconfig] });
    expect(sourceOf({ kubeconfig }, env)).toMatchObject({ kubeconfigs: [kubeconfig] });
  });

  it('is narrowed to namespaces', () => {
    expect(sourceOf({ watchNamespaces: 'apps, shop' }, inPod)).toMatchObject({
      watchNamespaces: ['apps', 'shop'],
    });
  });

  it('is a directory wherever one is named', () => {
    const env = { ...inPod, KUBECONFIG: kubeconfig };
    expect(sourceOf({ pipelinesDir, dataDir: '/data' }, env)).toEqual({
      kind: 'directory',
      directory: pipelinesDir,
      freezesDirectory: '/data/freezes',
    });
    expect(sourceOf({ pipelinesDir, freezesDir: '/freezes' }, env)).toMatchObject({
      freezesDirectory: '/freezes',
    });
  });

  it.each(['.', './made', 'freezes'])('has no freezes of the API among its own files: %s', (inner) => {
    expect(faultsOf({ pipelinesDir, freezesDir: join(pipelinesDir, inner) })).toEqual([
      '--freezes-dir: it must be outside of --pipelines-dir, whose files belong to you.',
    ]);
  });

  it.each([
    [
      'a directory and an API server',
      { kubeconfig },
      '--kubeconfig: Pipelines already come from --pipelines-dir',
    ],
    ['namespaces of a directory', { watchNamespaces: 'apps' }, '--watch-namespaces: it has no effect with'],
  ])('is never both: %s', (_what, flags, expected) => {
    expect(faultsOf({ pipelinesDir, ...flags })).toEqual([expect.stringContaining(expected)]);
  });

  it.each([
    [
      'a kubeconfig that is not there',
      { kubeconfig: '/no/such' },
      '--kubeconfig is "/no/such": the file does not',
    ],
    [
      'what is no namespace',
      { watchNamespaces: 'Apps' },
      '--watch-namespaces is "Apps": it must be names of',
    ],
  ])('is not %s', (_what, flags, expected) => {
    expect(faultsOf(flags, inPod)).toEqual([expect.stringContaining(expected)]);
  });

  it('has to be said where there is no Kubernetes', () => {
    expect(faultsOf({}, { KUBECONFIG: '/no/such' })).toEqual([expect.stringContaining('--pipelines-dir')]);
  });
});

describe('where a setting comes from', () => {
  it('is a flag before an environment variable, and that before the default', () => {
    const env = { WINDLASS_LOG_LEVEL: 'debug', WINDLASS_LOG_ENCODING: 'console' };
    expect(read({ logLevel: 'error' }, env).log).toEqual({ level: 'error', encoding: 'console' });
  });

  it('is the default where the environment variable is empty, as compose files leave it', () => {
    const config = read({}, { WINDLASS_EVENTS_ADDR: '', WINDLASS_LOG_LEVEL: '' });
    expect([config.eventsAddress, config.log.level]).toEqual([undefined, 'info']);
  });

  it.each([
    ['a flag alone', true, {}],
    ['a flag with a value', 'true', {}],
    ['an environment variable', undefined, { WINDLASS_ALLOW_UNSIGNED: '1' }],
    ['a flag that overrides the environment', 't', { WINDLASS_ALLOW_UNSIGNED: 'false' }],
  ])('switches on by %s', (_how, flag, env) => {
    expect(read(flag === undefined ? {} : { allowUnsigned: flag }, env).webhook.allowUnsigned).toBe(true);
  });

  it('switches off by a variable that says false', () => {
    expect(read({}, { WINDLASS_ALLOW_PLAIN_HTTP: 'false' }).outbound.allowPlainHttp).toBe(false);
  });
});

describe('what pipeline-controller accepted', () => {
  it.each([
    [
      'threshold 0 as one attempt',
      { retryThreshold: '0' },
      { delayMs: 2_000, maxDelayMs: 20_000, threshold: 1 },
    ],
    [
      'a maxDelay below delay as the cap of both',
      { retryDelay: '30', retryMaxDelay: '5' },
      { delayMs: 5_000, maxDelayMs: 5_000, threshold: 3 },
    ],
    [
      'delay 0 as the shortest wait that Temporal allows',
      { retryDelay: '0' },
      { delayMs: 1, maxDelayMs: 20_000, threshold: 3 },
    ],
    [
      'delay and maxDelay 0 as the shortest wait throughout',
      { retryDelay: '0', retryMaxDelay: '0' },
      { delayMs: 1, maxDelayMs: 1, threshold: 3 },
    ],
  ])('still means the same: %s', (_what, flags, retry) => {
    expect(read(flags).retry).toEqual(retry);
  });

  it('takes a threshold that no workflow history could hold as the highest, and says so', () => {
    const { retry, warnings } = read({ retryThreshold: '5000' });
    expect(retry.threshold).toBe(1_000);
    expect(warnings).toEqual(['--promotion-retry-threshold counts as 1000, the maximum.']);
  });

  it('takes a rate limit of 0 per 0 seconds as the tightest there is', () => {
    expect(read({ hookRateLimit: '0', hookRateLimitInterval: '0' }).webhook.rateLimit).toEqual({
      value: 1,
      intervalMs: 1_000,
    });
  });

  it('turns probes and metrics off by the address 0', () => {
    const { health, metrics } = read({ healthBindAddress: '0', metricsBindAddress: '0' });
    expect([health, metrics]).toEqual([undefined, undefined]);
  });

  it('warns of flags that mean nothing here', () => {
    const { warnings } = read({ leaderElect: true, levelTriggered: true });
    expect(warnings).toEqual([
      expect.stringContaining('--leader-elect'),
      expect.stringContaining('--enable-level-triggered'),
    ]);
  });
});

it('splits lists at commas', () => {
  const config = read({
    trustedProxies: '10.0.0.0/8, ::1',
    allowedHosts: 'git.example.com,[::1]:3000,host:8443',
  });
  expect(config.webhook.trustedProxies).toEqual(['10.0.0.0/8', '::1']);
  expect(config.outbound.allowedHosts).toEqual(['git.example.com', '[::1]:3000', 'host:8443']);
});

describe('a fault', () => {
  it.each<[string, Flags, string]>([
    [
      'an address without a port',
      { hookBindAddress: 'localhost' },
      '--promotion-hook-bind-address is "localhost"',
    ],
    ['a port beyond the last', { metricsBindAddress: ':65536' }, '--metrics-bind-address is ":65536"'],
    ['a negative count', { hookRateLimit: '-1' }, '--promotion-hook-rate-limit is "-1"'],
    ['a fraction of a second', { retryDelay: '0.5' }, '--promotion-retry-delay is "0.5"'],
    ['a number beyond all reason', { retryMaxDelay: '1e99' }, '--promotion-retry-max-delay is "1e99"'],
    ['a body of nothing', { hookMaxBody: '0' }, '--promotion-hook-max-body is "0"'],
    ['a duration without a unit', { eventMaxAge: '24' }, '--event-max-age is "24"'],
    ['a duration of nothing', { eventMaxAge: '0s' }, '--event-max-age is "0s"'],
    ['another log level', { logLevel: 'loud' }, '--log-level is "loud"'],
    ['another log encoding', { logEncoding: 'xml' }, '--log-encoding is "xml"'],
    ['no boolean', { allowUnsigned: 'maybe' }, '--allow-unsigned is "maybe"'],
    [
      'a proxy that is no address',
      { trustedProxies: '10.0.0.0/8,proxy' },
      '--trusted-proxies is "10.0.0.0/8,proxy"',
    ],
    [
      'a URL for a host',
      { allowedHosts: 'https://git.example.com' },
      '--allowed-hosts is "https://git.example.com"',
    ],
    [
      'an events address that is no URL',
      { eventsAddr: 'notification-controller' },
      '--events-addr is "notif',
    ],
    ['an address of another protocol', { temporalUiUrl: 'ftp://host' }, '--temporal-ui-url is "ftp://host"'],
    [
      'a pipelines directory that is not there',
      { pipelinesDir: '/no/such' },
      '--pipelines-dir is "/no/such"',
    ],
  ])('is %s', (_what, flags, expected) => {
    expect(faultsOf({ pipelinesDir, ...flags })).toEqual([expect.stringContaining(expected)]);
  });

  it('names the environment variable that it came from', () => {
    expect(faultsOf({ pipelinesDir }, { WINDLASS_LOG_LEVEL: 'loud' })).toEqual([
      'WINDLASS_LOG_LEVEL is "loud": it must be one of trace, debug, info, warn, error.',
    ]);
  });

  it('never repeats a password', () => {
    const [fault] = faultsOf({ pipelinesDir, eventsAddr: 'http://user:hunter2@host/' });
    expect(fault).toContain('--events-addr');
    expect(fault).not.toContain('hunter2');
  });

  it('is reported together with all others', () => {
    const env = { WINDLASS_PROMOTION_RETRY_DELAY: 'soon', HOME: '/home/someone' };
    expect(() =>
      readConfig({ logLevel: 'loud', hookBindAddress: 'nowhere' }, env, ['--foo: unknown flag.']),
    ).toThrow(
      new ConfigurationError([
        '--foo: unknown flag.',
        '--promotion-hook-bind-address is "nowhere": it must be an address such as :8082, 127.0.0.1:8082 or [::1]:8082.',
        'WINDLASS_PROMOTION_RETRY_DELAY is "soon": it must be an integer from 0 to 1000000000.',
        '--log-level is "loud": it must be one of trace, debug, info, warn, error.',
        '--pipelines-dir: set the directory with your Pipelines and Secrets. It is required outside a Pod (or --kubeconfig or KUBECONFIG, to read them from a Kubernetes API server).',
      ]),
    );
  });
});
