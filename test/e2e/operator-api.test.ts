/** The whole way of a version by the API: reported, approved, proposed; then a promotion and a rollback by a person. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { basePath } from '../../src/operator/routes';
import { type Done } from '../../src/operator/schemas/acts';
import { audit, type AuditEntry } from '../../src/operator/schemas/audit';
import { me } from '../../src/operator/schemas/people';
import { pipelineDetails, pipelinePage } from '../../src/operator/schemas/pipelines';
import { promotionDetails, promotionPage } from '../../src/operator/schemas/promotions';
import { eventually } from '../support/eventually';
import {
  createInstallation,
  type Installation,
  pipelineManifest,
  pullRequestPromotion,
} from '../support/installation';
import { type Program } from '../support/program';

interface AuditLine {
  readonly kind: string;
  readonly version?: string;
  readonly environment?: string;
  readonly outcome: string;
}

let installation: Installation;
let program: Program;
let url: string;
let token: string;

beforeAll(async () => {
  installation = await createInstallation({
    pipeline: (forge) => pipelineManifest({ manual: true, ...pullRequestPromotion(forge) }),
  });
  program = await installation.startDev();
  url = `${(await program.ready).api ?? ''}${basePath}`;
  token = (await readFile(join(installation.directory, 'data/api-token'), 'utf8')).trim();
}, 180_000);
afterAll(() => installation.close());

async function get(path: string): Promise<unknown> {
  const response = await fetch(url + path, { headers: { Authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return response.json();
}

function post(path: string, body: object, key?: string): Promise<Response> {
  return fetch(url + path, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${token}`,
      'Content-Type': 'application/json',
      ...(key === undefined ? {} : { 'Idempotency-Key': key }),
    },
    body: JSON.stringify(body),
  });
}

const staging = '/pipelines/apps/shop/environments/staging';

const stagingNow = async () =>
  pipelinePage
    .parse(await get('/pipelines?search=apps/shop'))
    .items[0]?.environments.find(({ name }) => name === 'staging');

it('an event waits for approval, is approved by the API once, and becomes a pull request', async () => {
  await installation.report({ version: '1.1.0', release: 2 });
  await eventually(async () => {
    expect((await stagingNow())?.acting).toMatchObject({
      version: '1.1.0',
      waits: expect.stringContaining('1.1.0'),
    });
  });
  const wrong = await post(`${staging}/approve`, { version: '1.0.9' });
  expect([wrong.status, await wrong.json()]).toMatchObject([409, { code: 'conflict' }]);
  expect(installation.forge.pullRequests('acme/fleet')).toEqual([]);

  const approved = await post(`${staging}/approve`, { version: '1.1.0' }, 'key-1');
  expect(await approved.json()).toMatchObject({ by: { name: 'token:local', via: 'token' }, repeated: false });
  await eventually(async () => expect((await stagingNow())?.acting?.pullRequest).toBeDefined());
  const again = (await (await post(`${staging}/approve`, { version: '1.1.0' }, 'key-1')).json()) as Done;
  expect(again.repeated).toBe(true);
  expect(installation.forge.pullRequests('acme/fleet')).toMatchObject([
    { title: 'Promote apps/shop in staging to 1.1.0' },
  ]);
});

it('the promotion tells its way, and the record says who approved it', async () => {
  const { items } = promotionPage.parse(await get('/promotions?pipeline=apps/shop&environment=staging'));
  const id = encodeURIComponent(items[0]?.id ?? '');
  const details = promotionDetails.parse(await get(`/promotions/${id}`));
  expect(details.timeline.map(({ step }) => step)).toEqual(
    expect.arrayContaining(['reported', 'waiting-for-approval', 'approved', 'pull-request']),
  );
  expect(details).toMatchObject({
    approvals: [{ by: 'token:local' }],
    attempts: [{ number: 1, outcome: 'done' }],
    links: { pullRequest: expect.stringContaining('http'), temporal: expect.stringContaining('workflows') },
  });
  const isApproval = ({ kind, by }: AuditEntry): boolean => kind === 'approved' && by === 'token:local';
  await eventually(async () => {
    const found = audit.parse(await get('/audit?decisions=true'));
    expect(found.silent).toEqual([]);
    expect(found.records.filter(isApproval)).toHaveLength(1);
  });
  const lines = () =>
    program
      .output()
      .split('\n')
      .filter((line) => line.includes('"audit":'));
  const audits = () => lines().map((line) => (JSON.parse(line) as { readonly audit: AuditLine }).audit);
  const outcomes = () =>
    audits()
      .filter(({ kind, version }) => ['approved', 'proposed'].includes(kind) && version === '1.1.0')
      .map(({ kind, environment, outcome }) => [kind, environment, outcome].join(' '));
  await eventually(() =>
    expect(new Set(outcomes())).toEqual(
      new Set([
        'approved staging asked',
        'approved staging done',
        'approved staging recorded',
        'proposed staging recorded',
      ]),
    ),
  );
  expect(program.output()).not.toContain(token);
});

it('a person promotes a version into an environment that never got one, and the gates still hold', async () => {
  const response = await post('/pipelines/apps/shop/environments/prod/promote', {
    version: '1.1.0',
    reason: 'hotfix',
  });
  expect([response.status, await response.json()]).toMatchObject([200, { by: { name: 'token:local' } }]);
  await eventually(async () => {
    const details = pipelineDetails.parse(await get('/pipelines/apps/shop'));
    expect(details.environments.find(({ name }) => name === 'prod')?.acting).toMatchObject({
      version: '1.1.0',
      state: 'waiting-for-approval',
    });
  });
});

it('rolls back only to what the environment has run', async () => {
  const response = await post(`${staging}/rollback`, { version: '0.1.0', reason: 'broken' });
  expect([response.status, await response.json()]).toMatchObject([409, { code: 'conflict' }]);
});

it('suspends and resumes by an overlay that the record shows', async () => {
  const suspended = await post('/pipelines/apps/shop/suspend', { reason: 'audit' });
  expect([suspended.status, await suspended.json()]).toMatchObject([200, { repeated: false }]);
  await eventually(async () => {
    const details = pipelineDetails.parse(await get('/pipelines/apps/shop'));
    expect([details.suspended, details.freezes]).toEqual([true, []]);
  });
  const resumed = await post('/pipelines/apps/shop/resume', {});
  expect([resumed.status, await resumed.json()]).toMatchObject([200, {}]);
  expect(program.output()).toContain('"kind":"suspended"');
});

it('the local token may do everything', async () => {
  expect(me.parse(await get('/me')).allowed).toContain('break-glass');
});
