import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

interface Service {
  readonly image: string;
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly command?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly healthcheck?: object;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

const text = readFileSync(join(__dirname, '../../../docker-compose.yml'), 'utf8');
const { services } = parse(text, { merge: true }) as { services: Record<string, Service> };
const named = Object.entries(services);
const isJob = ({ restart }: Service) => restart?.startsWith('on-failure') === true;

describe('docker-compose.yml', () => {
  it('runs webhook and worker as services of their own beside Temporal, its database and its UI', () => {
    expect(Object.keys(services).sort()).toEqual(
      ['api', 'namespace', 'postgres', 'schema', 'temporal', 'temporal-ui', 'worker'].sort(),
    );
    expect(services['api']?.command).toEqual(['api']);
    expect(services['worker']?.command).toEqual(['worker']);
  });

  it('publishes ports on loopback only', () => {
    const ports = named.flatMap(([, { ports = [] }]) => ports);
    expect(ports).toContain('127.0.0.1:8082:8082');
    expect(ports.filter((port) => !/^127\.0\.0\.1:\d+:\d+$/.test(port))).toEqual([]);
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
    expect(named.filter(([, { networks }]) => !networks).map(([name]) => name)).toEqual([]);
  });

  it('pins every image', () => {
    const loose = named.filter(([, { image }]) => !/:\d[\w.-]*$/.test(image));
    expect(loose.map(([name]) => name)).toEqual([]);
  });

  it.each(['api', 'worker'])('gives %s a read-only root and no capabilities', (name) => {
    expect(services[name]?.read_only).toBe(true);
    expect(services[name]?.cap_drop).toEqual(['ALL']);
  });
});
