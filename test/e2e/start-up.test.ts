import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { type Program, startProgram } from '../support/program';
import { startTcpProxy } from '../support/tcp-proxy';

const entry = resolve(__dirname, '../../dist/src/program/main.js');
const temporalAddress = process.env['WINDLASS_TEST_TEMPORAL_ADDRESS'] ?? '';

let directory: string;
let pipelines: string;
let started: Program[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'windlass-start-'));
  pipelines = join(directory, 'pipelines');
  await mkdir(pipelines);
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((program) => program.kill()));
  await rm(directory, { recursive: true });
});

interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs the built program until it ends, and at most for some seconds. */
function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((settle) => {
    execFile(process.execPath, [entry, ...args], { env, timeout: 20_000 }, (error, stdout, stderr) => {
      settle({ code: error === null ? 0 : Number(error.code ?? -1), output: stdout + stderr });
    });
  });
}

const flags = (...more: string[]) => [
  `--pipelines-dir=${pipelines}`,
  '--promotion-hook-bind-address=127.0.0.1:0',
  '--health-probe-bind-address=127.0.0.1:0',
  '--metrics-bind-address=127.0.0.1:0',
  ...more,
];

it('a worker that cannot write its cache is refused with exit code 2', async () => {
  const file = join(directory, 'file');
  await writeFile(file, '');
  const env = { ...process.env, TEMPORAL_ADDRESS: temporalAddress };
  const { code, output } = await run(['worker', ...flags(`--data-dir=${file}/data`)], env);
  expect(code).toBe(2);
  expect(output).toContain('--data-dir (WINDLASS_DATA_DIR) is');
  expect(output).toContain('it cannot be written to (ENOTDIR)');
});

it.each(['api', 'worker'])('%s explains an address with https:// with exit code 2', async (service) => {
  const env = { ...process.env, TEMPORAL_ADDRESS: 'https://temporal.example.com:7233' };
  const { code, output } = await run([service, ...flags(`--data-dir=${directory}/data`)], env);
  expect(code).toBe(2);
  expect(output).toContain('it must be host:port without https://');
});

it('api says once that Temporal cannot be reached, and once that it answers again', async () => {
  const proxy = await startTcpProxy(Number(temporalAddress.split(':')[1]));
  proxy.shut();
  const address = `127.0.0.1:${proxy.port}`;
  const api = startProgram(['api', ...flags()], { ...process.env, TEMPORAL_ADDRESS: address });
  started.push(api);
  const { health } = await api.ready;
  const told = () =>
    api
      .output()
      .split('\n')
      .filter((line) => line.includes(`Temporal at ${address}`));
  await eventually(() => told().length === 1);
  expect((await fetch(health!)).status).toBe(503);
  proxy.open();
  await eventually(() => told().length === 2, 40_000);
  expect(told()).toEqual([
    expect.stringMatching(/cannot be reached .*TEMPORAL_ADDRESS/),
    expect.stringContaining('answers again'),
  ]);
  expect((await fetch(health!)).status).toBe(200);
  await api.stop();
  await proxy.close();
});

it.each(['api', 'worker'])('%s answers its probes, and stops, while it reads slow files', async (service) => {
  for (let count = 10; count < 30; count += 1)
    await writeFile(join(pipelines, `${count}.yaml`), `a: [${'{},'.repeat(80_000)}]\n`);
  const health = `http://127.0.0.1:${await freePort()}`;
  const more = [`--health-probe-bind-address=${health.slice(7)}`, `--data-dir=${directory}/data`];
  const program = startProgram([service, ...flags(...more)], {
    ...process.env,
    TEMPORAL_ADDRESS: temporalAddress,
  });
  started.push(program);
  await eventually(async () => expect((await fetch(`${health}/healthz`)).status).toBe(200));
  const readiness = await fetch(`${health}/readyz`);
  expect(readiness.status).toBe(503);
  expect(await readiness.text()).toMatch(/not ready: .*pipelines/);
  expect(program.output()).not.toContain('Pipelines, Freezes and Secrets read');
  expect(await program.stop()).toBe(0);
});

describe('no secret is shown by a start-up that fails', () => {
  const secret = Object.fromEntries(
    ['api-key', 'client-key', 'proxy', 'kubeconfig', 'hmac', 'url', 'metadata', 'toml', 'address'].map(
      (name) => [name, `canary-${name}-${randomUUID()}`],
    ),
  );
  const shown = (output: string) => Object.entries(secret).filter(([, value]) => output.includes(value));
  const secrets = (): NodeJS.ProcessEnv => ({
    ...process.env,
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    TEMPORAL_TLS: 'false',
    TEMPORAL_API_KEY: `${secret['api-key']}\n`,
    TEMPORAL_GRPC_META_AUTHORIZATION: `Bearer ${secret['metadata']}\n`,
    HTTPS_PROXY: `http://user:${secret['proxy']}@127.0.0.1:1`,
    HTTP_PROXY: `http://user:${secret['proxy']}@127.0.0.1:1`,
    WINDLASS_HMAC_KEY: secret['hmac'],
    WINDLASS_LOG_LEVEL: 'trace',
  });

  it.each<[string, (at: string) => NodeJS.ProcessEnv | Promise<NodeJS.ProcessEnv>]>([
    [
      'an API key with a line break in it',
      () => ({ TEMPORAL_API_KEY: `${secret['api-key']}\n${secret['api-key']}` }),
    ],
    [
      'a client key that is none',
      () => ({
        TEMPORAL_TLS: 'true',
        TEMPORAL_TLS_CLIENT_CERT_DATA: secret['client-key'],
        TEMPORAL_TLS_CLIENT_KEY_DATA: secret['client-key'],
      }),
    ],
    [
      'a client key as a path',
      () => ({
        TEMPORAL_TLS: 'true',
        TEMPORAL_TLS_CLIENT_KEY_PATH: `-----BEGIN\n${secret['client-key']}`,
      }),
    ],
    [
      'an address with credentials',
      () => ({ TEMPORAL_ADDRESS: `https://user:${secret['address']}@127.0.0.1:1` }),
    ],
    [
      'a URL with credentials',
      () => ({
        WINDLASS_TEMPORAL_UI_URL: `https://user:${secret['url']}@127.0.0.1`,
        WINDLASS_EVENTS_ADDR: `user:${secret['url']}@host`,
      }),
    ],
    ['a URL with a token', () => ({ WINDLASS_TEMPORAL_UI_URL: `https://127.0.0.1/?token=${secret['url']}` })],
    ['a host with credentials', () => ({ WINDLASS_ALLOWED_HOSTS: `user:${secret['url']}@127.0.0.1` })],
    [
      'a broken temporal.toml',
      async (at) => {
        const file = join(at, 'temporal.toml');
        await writeFile(file, `[profile.default]\napi_key = ${secret['toml']}\n`);
        return { TEMPORAL_CONFIG_FILE: file };
      },
    ],
    [
      'a broken kubeconfig',
      async (at) => {
        const file = join(at, 'kubeconfig');
        await writeFile(file, `users:\n- name: a\n  user: {token: ${secret['kubeconfig']}\n`);
        return { KUBECONFIG: file, WINDLASS_PIPELINES_DIR: '', WINDLASS_KUBECONFIG: file };
      },
    ],
    ['a port that is taken', () => ({})],
  ])(
    'by %s',
    async (_, faulty) => {
      const env = { ...secrets(), ...(await faulty(directory)) };
      const source = env['KUBECONFIG'] === undefined ? flags() : flags().slice(1);
      const taken = await startTcpProxy(await freePort());
      for (const service of ['api', 'worker']) {
        const { code, output } = await run(
          [
            service,
            ...source,
            `--data-dir=${directory}/data`,
            `--metrics-bind-address=127.0.0.1:${taken.port}`,
          ],
          env,
        );
        expect({ shown: shown(output), failed: code !== 0 }).toEqual({ shown: [], failed: true });
      }
      await taken.close();
    },
    120_000,
  );

  it('by a Temporal server that is away, at the level trace', async () => {
    const programs = ['api', 'worker'].map((service) =>
      startProgram([service, ...flags(`--data-dir=${directory}/data`)], secrets()),
    );
    started.push(...programs);
    for (const program of programs) {
      await eventually(() => program.output().includes('cannot be reached'));
      expect(shown(program.output())).toEqual([]);
    }
  });
});
