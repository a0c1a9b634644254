import { mkdtemp, rm } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Cluster,
  type Deployment,
  manifestPath,
  startCluster,
  type TestRun,
} from '../../../demo/cluster/cluster';
import { type Forge, startForge } from '../../../demo/forge/forge';
import { sign } from '../../support/flux-request';
import { closeServer, listenOnLoopback } from '../../support/loopback';

const repository = 'acme/fleet';
const hmacKey = 'cluster-key';

interface Report {
  readonly path: string;
  readonly signature: string;
  readonly body: string;
}

let directory: string;
let forge: Forge;
let webhook: Server;
let cluster: Cluster;
let reports: Report[];
let deployed: (deployment: Deployment) => void;
let tested: (run: TestRun) => void;

function helmRelease(environment: string, version: string, test = ''): Record<string, string> {
  return {
    [manifestPath(environment)]: `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: podinfo, namespace: ${environment}}
spec: {chart: {spec: {chart: podinfo, version: ${version}}}${test}}
`,
  };
}

async function nextDeployment(): Promise<Deployment> {
  return new Promise((resolve) => {
    deployed = resolve;
  });
}

async function nextTests(): Promise<TestRun> {
  return new Promise((resolve) => {
    tested = resolve;
  });
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cluster-'));
  forge = await startForge({ directory, token: 'token' });
  await forge.createRepository(repository, {
    ...helmRelease('dev', '1.0.0'),
    ...helmRelease('staging', '0.9.0'),
  });
  reports = [];
  webhook = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      reports.push({ path: request.url ?? '', signature: String(request.headers['x-signature']), body });
      response.writeHead(202).end('{"status":"accepted"}');
    });
  });
  cluster = await startCluster({
    forge,
    repository,
    webhookUrl: `http://127.0.0.1:${await listenOnLoopback(webhook)}`,
    hmacKey,
    pipeline: { namespace: 'demo', name: 'podinfo' },
    environments: ['dev', 'staging'],
    brokenVersions: ['1.1.0'],
    onDeployed: (deployment) => deployed(deployment),
    onTested: (run) => tested(run),
  });
  deployed = () => undefined;
  tested = () => undefined;
});

afterEach(async () => {
  await cluster.close();
  await forge.close();
  await closeServer(webhook);
  await rm(directory, { recursive: true, force: true });
});

describe('the demo cluster', () => {
  it('deploys what main gives an environment, and reports it signed', async () => {
    const deployment = nextDeployment();
    await forge.commit(repository, 'main', helmRelease('staging', '1.0.0'), 'Promote');
    expect(await deployment).toEqual({
      environment: 'staging',
      previous: '0.9.0',
      version: '1.0.0',
      release: 2,
      delivery: { delivered: true, status: 202, body: '{"status":"accepted"}' },
    });
    expect(reports).toHaveLength(1);
    const { path, signature, body } = reports[0]!;
    expect(path).toBe('/promotion/demo/podinfo/staging');
    expect(signature).toBe(sign(hmacKey, body));
    expect(JSON.parse(body)).toMatchObject({
      involvedObject: {
        kind: 'HelmRelease',
        namespace: 'staging',
        name: 'podinfo',
        apiVersion: 'helm.toolkit.fluxcd.io/v2',
      },
      reason: 'UpgradeSucceeded',
      message: 'Helm upgrade succeeded for release staging/podinfo.v2 with chart podinfo@1.0.0',
      metadata: { revision: '1.0.0' },
    });
  });

  it('counts releases, and keeps the uid of each HelmRelease', async () => {
    for (const version of ['1.1.0', '1.2.0']) {
      const deployment = nextDeployment();
      await forge.commit(repository, 'main', helmRelease('dev', version), 'Build');
      await deployment;
    }
    const objects = reports.map(
      ({ body }) => JSON.parse(body) as { message: string; involvedObject: { uid: string } },
    );
    expect(objects.map(({ message }) => /\.v\d+/.exec(message)?.[0])).toEqual(['.v2', '.v3']);
    expect(new Set(objects.map(({ involvedObject }) => involvedObject.uid)).size).toBe(1);
  });

  it('looks at main only, and keeps what it runs while a manifest is broken', async () => {
    await forge.commit(repository, 'topic', helmRelease('dev', '3.0.0'), 'Not merged');
    await forge.commit(repository, 'main', { [manifestPath('dev')]: '{' }, 'Broken');
    const deployment = nextDeployment();
    await forge.commit(repository, 'main', helmRelease('staging', '1.0.0'), 'Promote');
    expect(await deployment).toMatchObject({ environment: 'staging' });
    expect(reports).toHaveLength(1);
  });

  it.each([
    {
      version: '1.1.0',
      passed: false,
      reason: 'TestFailed',
      severity: 'error',
      message:
        'Helm test failed for release staging/podinfo.v2 with chart podinfo@1.1.0: pod podinfo-test failed',
    },
    {
      version: '1.1.1',
      passed: true,
      reason: 'TestSucceeded',
      severity: 'info',
      message:
        'Helm test succeeded for release staging/podinfo.v2 with chart podinfo@1.1.1: 1 test hook completed successfully',
    },
  ])(
    'reports after the upgrade that the Helm tests of $version ended, where they are enabled: $reason',
    async ({ version, passed, ...event }) => {
      const run = nextTests();
      await forge.commit(
        repository,
        'main',
        helmRelease('staging', version, ', test: {enable: true}'),
        'Promote',
      );
      expect(await run).toMatchObject({
        environment: 'staging',
        version,
        passed,
        delivery: { delivered: true },
      });
      expect(reports.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
        { reason: 'UpgradeSucceeded' },
        { ...event, metadata: { revision: version } },
      ]);
      expect(reports[1]?.path).toBe('/promotion/demo/podinfo/staging');
    },
  );
});
