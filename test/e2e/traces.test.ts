/** One trace follows a version from Flux's event to its deployment, as a collector that speaks OTLP receives it. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { basePath } from '../../src/operator/routes';
import { createCanaries } from '../support/canaries';
import { eventually } from '../support/eventually';
import {
  createInstallation,
  type Installation,
  pipelineManifest,
  post,
  pullRequestPromotion,
  repository,
} from '../support/installation';
import { ended, laneState } from '../support/lane-outcomes';
import { type CollectedSpan, type Collector, startCollector } from '../support/otlp/collector';
import { type Program } from '../support/program';

const canaries = createCanaries();
const apiToken = randomBytes(16).toString('hex');
/** Of an ingress before the webhook, which keeps this trace. */
const trace = randomBytes(16).toString('hex');
const ingress = 'a0f067aa0ba902b7';
/** What those use who have no key. */
const foreignTrace = randomBytes(16).toString('hex');

let directory: string;
let collector: Collector;
let installation: Installation;
let programs: readonly [api: Program, worker: Program];

beforeAll(async () => {
  collector = await startCollector();
  directory = await mkdtemp(join(tmpdir(), 'windlass-traces-'));
  installation = await createInstallation({
    pipeline: (forge) => pipelineManifest({ manual: true, ...pullRequestPromotion(forge) }),
    secrets: { token: canaries.make('token'), hmacKey: canaries.make('hmac-key') },
    flags: await accessFlags(),
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: `x-collector-key=${encodeURIComponent(canaries.make('collector-key'))}`,
      OTEL_BSP_SCHEDULE_DELAY: '50',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    },
  });
  programs = await Promise.all([installation.startApi(), installation.startWorker()]);
}, 120_000);
afterAll(async () => {
  await installation.close();
  await collector.close();
  await rm(directory, { recursive: true, force: true });
});

/** One person, who may approve. */
async function accessFlags(): Promise<string[]> {
  const apiVersion = 'pipelines.weave.works/v1alpha1';
  const sha256 = createHash('sha256').update(apiToken).digest('hex');
  const rule = { subjects: [{ user: 'token:ada' }], namespaces: ['*'], verbs: ['get', 'approve'] };
  const files = {
    'api-tokens-file': { apiVersion, kind: 'ApiTokens', tokens: [{ name: 'ada', sha256 }] },
    'access-policy-file': { apiVersion, kind: 'AccessPolicy', rules: [rule] },
  };
  return Promise.all(
    Object.entries(files).map(async ([flag, content]) => {
      const file = join(directory, `${flag}.yaml`);
      await writeFile(file, JSON.stringify(content));
      return `--${flag}=${file}`;
    }),
  );
}

const spansOf = (id: string): CollectedSpan[] => collector.spans.filter(({ traceId }) => traceId === id);
const named = (name: string): CollectedSpan | undefined => spansOf(trace).find((span) => span.name === name);

async function approveByApi(version: string): Promise<Response> {
  const { api } = await programs[0].ready;
  return fetch(`${api ?? ''}${basePath}/pipelines/apps/shop/environments/staging/approve`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${apiToken}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ version }),
  });
}

it('follows a version from the event over approval, proposal and merge to its deployment, in one trace', async () => {
  const signed = installation.sign({ version: '1.1.0', release: 2 });
  const answer = await post({
    ...signed,
    headers: { ...signed.headers, traceparent: `00-${trace}-${ingress}-01` },
  });
  expect(answer.status).toBe(202);
  await eventually(async () => expect((await laneState(installation)).shown).toBe('waiting-for-approval'));
  expect((await approveByApi('1.1.0')).status).toBe(200);
  await ended(installation, '1.1.0', 'pull-request');
  await installation.forge.mergePullRequest(repository, 1);
  await installation.report({ environment: 'staging', version: '1.1.0' });
  await ended(installation, '1.1.0', 'deployed');
  await eventually(() => expect(named('promotion deployed')).toBeDefined());

  const webhook = named('POST /promotion/{namespace}/{pipeline}/{environment}');
  expect(webhook).toMatchObject({
    parentId: ingress,
    service: 'windlass-api',
    kind: 'SPAN_KIND_SERVER',
    attributes: { 'windlass.pipeline': 'apps/shop', 'windlass.environment': 'dev' },
  });
  const signal = named('signal lane');
  expect(signal?.parentId).toBe(webhook?.spanId);
  const ofThePromotion = spansOf(trace).filter(({ parentId }) => parentId === signal?.spanId);
  expect(ofThePromotion.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'lane decided',
      'promotion resolving',
      'promotion waiting-for-approval',
      'promotion promote',
      'promotion promoting',
      'activity openPullRequest',
      'promotion pull-request',
      'promotion merged',
      'promotion environment',
      'promotion deployed',
    ]),
  );
  expect(new Set(ofThePromotion.map(({ service }) => service))).toEqual(new Set(['windlass-worker']));
});

it("shows git's commands and the requests to the provider below the attempt", () => {
  const attempt = named('activity openPullRequest');
  const below = spansOf(trace).filter(({ parentId }) => parentId === attempt?.spanId);
  const names = below.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['git fetch', 'git push']));
  expect(names).toContain('POST /api/v3/repos/{}/{}/pulls');
  expect(below.find(({ name }) => name === 'POST /api/v3/repos/{}/{}/pulls')).toMatchObject({
    kind: 'SPAN_KIND_CLIENT',
    attributes: {
      'http.request.method': 'POST',
      'http.response.status_code': '201',
      'server.address': '127.0.0.1',
    },
  });
});

it('has no span that lasts while people decide, but links to what they and the environment sent', () => {
  for (const { name, from, to } of spansOf(trace)) expect([name, to - from < 30_000]).toEqual([name, true]);
  const approval = collector.spans.find(
    ({ name }) => name.startsWith('POST /api/v1/') && name.endsWith('/approve'),
  );
  expect(approval).toMatchObject({ kind: 'SPAN_KIND_SERVER', parentId: undefined, linkedTraces: [trace] });
  expect(named('promotion promote')?.linkedTraces).toEqual([approval?.traceId]);
  const report = collector.spans.find(
    ({ attributes, kind }) => kind === 'SPAN_KIND_SERVER' && attributes['windlass.environment'] === 'staging',
  );
  expect(named('promotion environment')?.linkedTraces).toEqual([report?.traceId]);
});

it('every span has its parent in the trace, which begins at the ingress', () => {
  const spans = spansOf(trace);
  const ids = new Set([ingress, ...spans.map(({ spanId }) => spanId)]);
  expect(spans.filter(({ parentId }) => !ids.has(parentId ?? 'none'))).toEqual([]);
});

it('lines of the log say which trace and promotion they are of', () => {
  const lines = programs.map((program) =>
    program
      .output()
      .split('\n')
      .filter((line) => line.includes(`"trace_id":"${trace}"`)),
  );
  expect(lines[0]?.some((line) => line.includes('"outcome":"accepted"'))).toBe(true);
  expect(lines[1]?.some((line) => line.includes('"workflowId":"promotion/apps/shop/staging/'))).toBe(true);
});

it('a duration of the webhook and the lead time have the trace as their exemplar', async () => {
  const exemplars = async (program: Program, metric: string): Promise<string[]> => {
    const { metrics } = await program.ready;
    const accept = 'application/openmetrics-text;version=1.0.0';
    const text = await (await fetch(metrics ?? '', { headers: { accept } })).text();
    const lines = text.split('\n').filter((line) => line.startsWith(`${metric}_bucket{`));
    return lines.flatMap((line) => /trace_id="(\w+)",span_id="(\w+)"/.exec(line)?.slice(1).join(' ') ?? []);
  };
  const requests = collector.spans.filter(
    ({ kind, attributes }) => kind === 'SPAN_KIND_SERVER' && attributes['windlass.environment'] !== undefined,
  );
  const shown = await exemplars(programs[0], 'windlass_webhook_request_duration_seconds');
  // A bucket shows the last one alone.
  expect(shown).not.toEqual([]);
  expect(requests.map(({ traceId, spanId }) => `${traceId} ${spanId}`)).toEqual(
    expect.arrayContaining(shown),
  );
  const leadTimes = await exemplars(programs[1], 'windlass_promotion_lead_time_seconds');
  expect(leadTimes).toEqual([`${trace} ${named('promotion deployed')?.parentId ?? ''}`]);
});

it('begins no trace for those who have no key, whatever they send', async () => {
  const forged = installation.sign({ version: '6.6.6', release: 9 }, 'not-the-key');
  const traceparent = `00-${foreignTrace}-${ingress}-01`;
  expect((await post({ ...forged, headers: { ...forged.headers, traceparent } })).status).toBe(401);
  const { api } = await programs[0].ready;
  const act = `${api ?? ''}${basePath}/pipelines/apps/shop/environments/staging/approve`;
  expect((await fetch(act, { method: 'POST', headers: { traceparent } })).status).toBe(401);
  const before = collector.spans.length;
  // What is sent after them has arrived.
  await installation.report({ version: '1.2.0', release: 3 });
  await eventually(() => collector.spans.length > before);
  expect(spansOf(foreignTrace)).toEqual([]);
});

it('neither a span nor the log has a secret or a query string, and the collector gets its header', () => {
  expect(collector.faults).toEqual([]);
  expect(collector.headers[0]?.['x-collector-key']).toContain('canary/');
  const texts = [collector.raw(), ...programs.map((program) => program.output())].join('\n');
  expect(canaries.foundIn(texts)).toEqual([]);
  expect(texts).not.toContain(apiToken);
  const values = collector.spans.flatMap(({ name, attributes }) =>
    [name, ...Object.values(attributes)].map(String),
  );
  expect(values.filter((value) => /[?@]/.test(value))).toEqual([]);
});
