/** pipeline-controller's approvals, which its clients send. */
import {
  type ManualApproval,
  type ManualApprovalAnswer,
  NoWorker,
} from '../../../src/temporal/manual-approvals';
import { TemporalUnavailable } from '../../../src/temporal/lane-reporter';
import { fluxReceivedAt, sign } from '../../support/flux-request';
import { capabilitiesWith } from '../../support/capability';
import { memoryStore } from '../../support/memory-store';
import { samplePipeline } from '../../support/sample-pipeline';
import { type RunningWebhook, startWebhook, webhookKey } from '../../support/webhook';

const path = '/approval/pipelines/my-app/staging/1.2.4';
const minute = 60_000;
const bodyAt = (at = fluxReceivedAt, revision = '1.2.4'): string =>
  JSON.stringify({ revision, time: new Date(at).toISOString() });

let webhook: RunningWebhook;
let given: ManualApproval[];
const start = async (
  answer: ManualApprovalAnswer | Error = { state: 'approved', promotion: 'promotion/x' },
  overrides: Parameters<typeof startWebhook>[0] = {},
): Promise<void> => {
  given = [];
  webhook = await startWebhook({
    approvals: {
      approve: (approval) => {
        given.push(approval);
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      },
    },
    ...overrides,
  });
};
afterEach(() => webhook.close());

const post = (body: string, { key = webhookKey, to = path } = {}) =>
  webhook.post({ body, path: to, signature: sign(key, body) });
const detailOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { readonly detail: string }).detail;

it('approves the promotion of the revision into the environment, as the signature of the hop', async () => {
  await start();
  const response = await post(bodyAt());
  expect([response.status, await response.json()]).toEqual([
    200,
    { status: 'approved', promotion: 'promotion/x' },
  ]);
  expect(given).toMatchObject([
    {
      pipeline: { namespace: 'pipelines', name: 'my-app' },
      environment: 'staging',
      version: '1.2.4',
      by: 'signature:pipelines/my-app/staging',
      via: 'signature',
    },
  ]);
  expect(given[0]?.capability('promotion/x')).toBeUndefined();
  const audit = {
    ...{ kind: 'approved', namespace: 'pipelines', pipeline: 'my-app', environment: 'staging' },
    ...{ version: '1.2.4', by: 'signature:pipelines/my-app/staging', via: 'signature', from: '127.0.0.1' },
  };
  expect(webhook.log).toMatchObject([
    { audit: { ...audit, outcome: 'asked' } },
    { audit: { ...audit, outcome: 'done' } },
    { outcome: 'approved', status: 200, version: '1.2.4' },
  ]);
});

it('vouches for it where there is a key', async () => {
  const capabilities = capabilitiesWith();
  await start(undefined, { capabilities });
  await post(bodyAt());
  expect(capabilities.verify(given[0]?.capability('promotion/x') ?? '')).toMatchObject({
    kind: 'approve',
    promotion: 'promotion/x',
    version: '1.2.4',
    actor: { name: 'signature:pipelines/my-app/staging', via: 'signature', from: '127.0.0.1' },
  });
});

it('is one approval however often it is sent', async () => {
  await start();
  await post(bodyAt());
  await post(bodyAt());
  await post(bodyAt(fluxReceivedAt + 1_000));
  const [first, second, later] = given.map(({ request }) => request);
  expect(first).toBe(second);
  expect(later).not.toBe(first);
});

it.each<readonly [string, string, string]>([
  [
    'of another revision',
    bodyAt(fluxReceivedAt, '1.2.5'),
    'the revision in the body is not the one of the path.',
  ],
  [
    'that is too old',
    bodyAt(fluxReceivedAt - 6 * minute),
    'the time in the body is not within 5 minutes of now.',
  ],
  [
    'from the future',
    bodyAt(fluxReceivedAt + 6 * minute),
    'the time in the body is not within 5 minutes of now.',
  ],
  [
    'that is empty',
    '',
    'the body is empty: sign a JSON body with "revision" and "time", as docs/migrating.md shows.',
  ],
  ['that is not JSON', 'x', 'the body must be JSON with "revision" and "time" (RFC 3339), and no more.'],
  [
    'with more in it',
    JSON.stringify({ ...(JSON.parse(bodyAt()) as object), by: 'me' }),
    'the body must be JSON with "revision" and "time" (RFC 3339), and no more.',
  ],
])('refuses a body %s', async (_what, body, detail) => {
  await start();
  const response = await post(body);
  expect([response.status, await detailOf(response)]).toEqual([422, detail]);
  expect(given).toEqual([]);
});

it('takes an empty body where the operator accepts that it never expires', async () => {
  await start(undefined, { allowUnboundApprovals: true });
  expect((await post('')).status).toBe(200);
  expect(given).toHaveLength(1);
});

it.each([
  ['another key', bodyAt(), { key: 'wrong' }],
  ['no such pipeline', bodyAt(), { to: '/approval/pipelines/other/staging/1.2.4' }],
])('refuses %s, with the one answer for all', async (_what, body, options) => {
  await start();
  expect((await post(body, options)).status).toBe(401);
  expect(given).toEqual([]);
});

it('takes no unsigned approval, even of a Pipeline that takes unsigned events', async () => {
  const { promotion, ...bare } = samplePipeline;
  const open = {
    ...bare,
    allowUnsigned: true,
    promotion: { manual: true, strategy: { kind: 'notification' as const } },
  };
  await start(undefined, { store: memoryStore([open]) });
  expect((await webhook.post({ body: bodyAt(), path })).status).toBe(401);
  expect(given).toEqual([]);
});

it('takes the key of the hop into the environment', async () => {
  const hop = { manual: true, strategy: { kind: 'notification' as const }, hmacSecretName: 'staging' };
  const pipeline = {
    ...samplePipeline,
    environments: samplePipeline.environments.map((each) =>
      each.name === 'staging' ? { ...each, promotion: hop } : each,
    ),
  };
  const secrets = {
    'pipelines/webhook': { 'hmac-key': webhookKey },
    'pipelines/staging': { 'hmac-key': 'own' },
  };
  await start(undefined, { store: memoryStore([pipeline], secrets) });
  expect((await post(bodyAt())).status).toBe(401);
  expect((await post(bodyAt(), { key: 'own' })).status).toBe(200);
});

it.each<readonly [string, ManualApprovalAnswer | Error, number, string]>([
  [
    'no promotion of it is in progress',
    { state: 'none' },
    409,
    'no promotion of that revision into that environment is in progress.',
  ],
  [
    'the promotion refuses it',
    { state: 'refused', says: 'This promotion does not wait for approval.' },
    409,
    'This promotion does not wait for approval.',
  ],
  [
    'no worker answers',
    new NoWorker({ cause: undefined }),
    503,
    'no worker of windlass answers at the moment: try again.',
  ],
  [
    'Temporal is away',
    new TemporalUnavailable('No connection.'),
    503,
    'cannot record the event at the moment: try again.',
  ],
])('says so where %s', async (_what, answer, status, detail) => {
  await start(answer);
  const response = await post(bodyAt());
  expect([response.status, await detailOf(response)]).toEqual([status, detail]);
});

it('accepts only POST', async () => {
  await start();
  const response = await webhook.post({ body: '', path, method: 'GET' });
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
});

it('counts requests that are not signed as failures of their address, and others by environment', async () => {
  await start(undefined, { limit: { value: 2, intervalMs: 30_000 } });
  const statuses = [];
  for (let i = 0; i < 3; i += 1) statuses.push((await post(bodyAt(fluxReceivedAt + i))).status);
  expect(statuses).toEqual([200, 200, 429]);
});
