import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { browserRequests } from '../../support/browser-requests';

interface Service {
  readonly image: string;
  readonly restart?: string;
  readonly configs?: unknown;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly volumes?: readonly (
    string | { readonly type: string; readonly source: string; readonly target: string }
  )[];
  readonly networks?: readonly string[];
  readonly network_mode?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: object;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

const text = readFileSync(join(__dirname, '../../../docker-compose.yml'), 'utf8');
const { services, configs } = parse(text, { merge: true }) as {
  services: Record<string, Service>;
  configs: Record<string, { readonly content: string }>;
};
/** Compose replaces `$$` by `$`. */
const config = (name: string): string => configs[name]!.content.replaceAll('$$', '$');
const named = Object.entries(services);
const isJob = ({ restart }: Service) => restart?.startsWith('on-failure') === true;

/** The value of a variable of the proxy, by its `map` (ngx_http_map_module): a whole text, the first pattern, `default`. */
function nginxVariable(name: string, request: Readonly<Record<string, string | undefined>>): string {
  const map = new RegExp(`^map (\\S+|".*") \\$${name} \\{\n([^}]*)\\}`, 'm').exec(
    config('temporal-ui-proxy'),
  );
  if (map === null) return request[name] ?? '';
  const [, source = '', body = ''] = map;
  const value = source
    .replace(/^"|"$/g, '')
    .replaceAll(/\$(\w+)/g, (_, variable: string) => nginxVariable(variable, request));
  const entries = [...body.matchAll(/^\s+(?:"(.*)"|(\S+)) (\d);$/gm)].map(
    ([, quoted, plain = '', result = '']) => ({ key: quoted ?? plain, result }),
  );
  const found =
    entries.find(({ key }) => key === value) ??
    entries.find(({ key }) => /^~/.test(key) && asPattern(key).test(value)) ??
    entries.find(({ key }) => key === 'default');
  return found?.result ?? '';
}

const asPattern = (key: string): RegExp =>
  new RegExp(key.replace(/^~\*?/, ''), key.startsWith('~*') ? 'i' : '');

describe('docker-compose.yml', () => {
  it('runs webhook and worker as services of their own beside Temporal, its database and its UI', () => {
    expect(Object.keys(services).sort()).toEqual(
      [
        'api',
        'namespace',
        'postgres',
        'schema',
        'temporal',
        'temporal-ui',
        'temporal-ui-proxy',
        'worker',
      ].sort(),
    );
    expect(services['api']?.command).toEqual(['api']);
    expect(services['worker']?.command).toEqual(['worker']);
  });

  it('publishes ports on loopback only', () => {
    const ports = named.flatMap(([, { ports = [] }]) => ports);
    expect(ports).toContain('127.0.0.1:8082:8082');
    expect(ports.filter((port) => !/^127\.0\.0\.1:\d+:\d+$/.test(port))).toEqual([]);
  });

  it('publishes the API for operators on loopback', () => {
    expect(services['api']?.ports).toContain('127.0.0.1:8083:8083');
  });

  it('has api write freezes where the worker reads them', () => {
    const mounted = (name: string) =>
      (services[name]?.volumes ?? []).find(
        (volume) => typeof volume !== 'string' && volume.target === '/freezes',
      );
    expect(mounted('api')).toEqual({ type: 'volume', source: 'freezes', target: '/freezes' });
    expect(mounted('worker')).toEqual(mounted('api'));
    for (const name of ['api', 'worker'])
      expect(services[name]?.environment).toMatchObject({ WINDLASS_FREEZES_DIR: '/freezes' });
    // A new volume has the owner that the directory has in the image.
    expect(readFileSync(join(__dirname, '../../../Dockerfile'), 'utf8')).toMatch(
      /install --directory --owner=1000 .* \/freezes$/m,
    );
  });

  it('checks the health of every service that stays up', () => {
    const unchecked = named.filter(([, service]) => !isJob(service) && !service.healthcheck);
    expect(unchecked.map(([name]) => name)).toEqual([]);
  });

  it('starts each service once what it needs is healthy or done', () => {
    const wrong = named.flatMap(([name, { depends_on = {} }]) =>
      Object.entries(depends_on)
        .filter(([needed, { condition }]) => {
          const job = isJob(services[needed]!);
          return condition !== (job ? 'service_completed_successfully' : 'service_healthy');
        })
        .map(([needed]) => `${name} needs ${needed}`),
    );
    expect(wrong).toEqual([]);
  });

  it('holds no secret: passwords come from the environment, and their absence is an error', () => {
    const secrets = named.flatMap(([, { environment = {} }]) =>
      Object.entries(environment).filter(([name]) => /PASSWORD|PWD|TOKEN|KEY|SECRET/.test(name)),
    );
    expect(secrets.length).toBeGreaterThan(0);
    expect(secrets.filter(([, value]) => !/^\$\{[A-Z_]+:\?.+\}$/.test(value))).toEqual([]);
  });

  it('keeps the database from everything but Temporal', () => {
    const reaching = named.filter(([, { networks = [] }]) => networks.includes('database'));
    expect(reaching.map(([name]) => name).sort()).toEqual(['postgres', 'schema', 'temporal']);
    expect(
      named.filter(([, { networks, network_mode }]) => !networks && !network_mode).map(([name]) => name),
    ).toEqual([]);
  });

  it("keeps Temporal's HTTP API from web pages, which can connect to containers", () => {
    expect(parse(config('temporal-dynamic-config'))).toHaveProperty(
      ['frontend.httpAllowedHosts', 0, 'value'],
      ['windlass.invalid'],
    );
  });

  it('lets the Web UI listen only inside the network of its proxy', () => {
    expect(services['temporal-ui']).toMatchObject({ network_mode: 'service:temporal-ui-proxy' });
    expect(services['temporal-ui']).not.toHaveProperty('ports');
    expect(parse(config('temporal-ui'))).toMatchObject({ host: '127.0.0.1', port: 8080 });
    expect(config('temporal-ui-proxy')).toContain('proxy_pass http://127.0.0.1:8080;');
  });

  it('keeps what a page of another origin sends from the Web UI', () => {
    expect(config('temporal-ui-proxy')).toContain('if ($foreign) {\n    return 403');
    const wrong = browserRequests.filter(({ method, headers, foreign }) => {
      const request: Record<string, string | undefined> = { request_method: method };
      for (const [name, value] of Object.entries(headers))
        request[`http_${name.replaceAll('-', '_')}`] = String(value);
      return nginxVariable('foreign', request) !== (foreign ? '1' : '0');
    });
    expect(wrong).toEqual([]);
  });

  it('pins every image', () => {
    const loose = named.filter(([, { image }]) => !/:\d[\w.-]*(?:@sha256:[0-9a-f]{64})?$/.test(image));
    expect(loose.map(([name]) => name)).toEqual([]);
  });

  it.each(['api', 'worker'])('gives %s a read-only root', (name) => {
    expect(services[name]?.read_only).toBe(true);
  });

  it.each(['api', 'worker', 'temporal-ui-proxy'])('gives %s no capabilities', (name) => {
    expect(services[name]?.cap_drop).toEqual(['ALL']);
  });

  it('writes no configuration into a read-only root, which Compose refuses', () => {
    const refused = Object.values(services).filter(
      ({ read_only: readOnly, configs }) => readOnly === true && configs !== undefined,
    );
    expect(refused).toEqual([]);
  });
});
