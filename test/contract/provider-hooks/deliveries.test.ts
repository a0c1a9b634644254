import { type Pipeline } from '../../../src/domain/pipeline/pipeline';
import { WindlassError } from '../../../src/domain/errors';
import { type FollowedRepository } from '../../../src/domain/promotion/followed-repository';
import { TemporalUnavailable } from '../../../src/temporal/lane-reporter';
import { memoryStore } from '../../support/memory-store';
import {
  byPullRequest,
  giteaDelivery,
  githubDelivery,
  gitlabDelivery,
  hookSecret,
} from '../../support/provider-deliveries';
import { type RunningWebhook, startWebhook } from '../../support/webhook';

type Secrets = Parameters<typeof memoryStore>[1];

let webhook: RunningWebhook;
let looked: FollowedRepository[];
afterEach(() => webhook.close());

async function start(
  pipelines: readonly Pipeline[] = [byPullRequest('shop')],
  secrets: Secrets = { 'pipelines/git': { token: 't', 'webhook-secret': hookSecret } },
  overrides: Parameters<typeof startWebhook>[0] = {},
): Promise<void> {
  looked = [];
  webhook = await startWebhook({
    store: memoryStore(pipelines, secrets),
    hints: {
      look: (repository) => {
        looked.push(repository);
        return Promise.resolve();
      },
    },
    ...overrides,
  });
}

const fleet = {
  namespace: 'pipelines',
  secretName: 'git',
  provider: 'github',
  url: 'https://github.com/example/fleet',
};
const gitlabFleet = { provider: 'gitlab', url: 'https://gitlab.example.com/example/fleet' } as const;
const giteaFleet = { provider: 'gitea', url: 'https://git.example.com/example/fleet' } as const;
const unauthorized =
  'the signature or token is missing or wrong, or no pipeline has this repository: the log of windlass says which.';

async function expectUnauthorized(response: Response, why: RegExp): Promise<void> {
  expect(response.status).toBe(401);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toMatchObject({ detail: unauthorized });
  expect(webhook.log.at(-1)).toMatchObject({
    outcome: 'unauthorized-delivery',
    detail: expect.stringMatching(why),
  });
  expect(looked).toEqual([]);
}

describe('a signed delivery about a pull request', () => {
  it('of GitHub is a hint to the follower of the repository', async () => {
    await start();
    const response = await webhook.post(githubDelivery());
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({ status: 'accepted' });
    expect(looked).toEqual([fleet]);
    expect(webhook.log).toMatchObject([{ outcome: 'hint' }]);
  });

  it('of GitLab is a hint to the follower of the repository', async () => {
    await start([byPullRequest('shop', gitlabFleet)]);
    expect((await webhook.post(gitlabDelivery())).status).toBe(202);
    expect(looked).toEqual([{ ...fleet, ...gitlabFleet }]);
  });

  it.each(['Gitea', 'Forgejo'] as const)('of %s is a hint to the follower of the repository', async (of) => {
    await start([byPullRequest('shop', giteaFleet)]);
    expect((await webhook.post(giteaDelivery({ of }))).status).toBe(202);
    expect(looked).toEqual([{ ...fleet, ...giteaFleet }]);
  });

  it('promotes and records nothing', async () => {
    await start();
    await webhook.post(githubDelivery());
    expect([webhook.lanes.reported, webhook.lanes.facts]).toEqual([[], []]);
  });

  it.each([
    'https://github.com/example/fleet.git',
    'git@github.com:example/fleet.git',
    'ssh://git@ssh.github.com:443/Example/Fleet',
  ])('is for a Pipeline with the URL %s', async (url) => {
    await start([byPullRequest('shop', { url })]);
    await webhook.post(githubDelivery());
    expect(looked).toEqual([{ ...fleet, url }]);
  });

  it('is one hint for all Pipelines with the same reference', async () => {
    await start([
      byPullRequest('shop'),
      byPullRequest('cart'),
      byPullRequest('other', { baseBranch: 'next' }),
    ]);
    await webhook.post(githubDelivery());
    expect(looked).toEqual([fleet]);
  });

  it('is a hint for every reference whose Secret has the same webhook secret, and for no other', async () => {
    const apiUrl = 'https://github.com/api/v3';
    await start(
      [
        byPullRequest('shop'),
        byPullRequest('cart', { secretName: 'same', apiUrl }),
        byPullRequest('foreign', { secretName: 'other' }),
        byPullRequest('elsewhere', { secretName: 'same', url: 'https://github.com/example/docs' }),
      ],
      {
        'pipelines/git': { 'webhook-secret': hookSecret },
        'pipelines/same': { 'webhook-secret': `${hookSecret}\n` },
        'pipelines/other': { 'webhook-secret': 'of someone else' },
      },
    );
    await webhook.post(githubDelivery());
    expect(looked).toEqual([fleet, { ...fleet, secretName: 'same', apiUrl }]);
  });

  it('is accepted with the old and the new secret during a rotation', async () => {
    await start(undefined, {
      'pipelines/git': { 'webhook-secret': 'new', 'webhook-secret-previous': 'old' },
    });
    for (const secret of ['old', 'new']) {
      expect((await webhook.post(githubDelivery({ secret }))).status).toBe(202);
    }
    expect((await webhook.post(githubDelivery())).status).toBe(401);
  });

  it('that is sent many times is one hint for now', async () => {
    await start();
    const delivery = githubDelivery();
    const statuses = [];
    for (let i = 0; i < 30; i += 1) statuses.push((await webhook.post(delivery)).status);
    expect(new Set(statuses)).toEqual(new Set([202]));
    expect(looked).toEqual([fleet]);
  });

  it('has 503 as its answer where Temporal is away', async () => {
    const look = () => Promise.reject(new TemporalUnavailable('connect ECONNREFUSED.'));
    await start(undefined, undefined, { hints: { look } });
    expect((await webhook.post(githubDelivery())).status).toBe(503);
  });
});

describe('another signed delivery', () => {
  it.each([
    ['ping of GitHub', githubDelivery({ event: 'ping' }), 'ping'],
    ['check_suite of GitHub', githubDelivery({ event: 'check_suite' }), 'check_suite'],
    ['Push Hook of GitLab', gitlabDelivery({ event: 'Push Hook' }), 'Push Hook'],
    ['push of Gitea', giteaDelivery({ event: 'push' }), 'push'],
    ['one of a name that is none', githubDelivery({ event: '<b>' }), 'this event'],
  ])('is ignored: %s', async (_name, delivery, event) => {
    await start([
      byPullRequest('shop'),
      byPullRequest('cart', gitlabFleet),
      byPullRequest('web', giteaFleet),
    ]);
    const response = await webhook.post(delivery);
    expect(response.status).toBe(202);
    expect(await response.json()).toEqual({
      status: 'ignored',
      reason: `only events of pull requests matter, not ${event}`,
    });
    expect(looked).toEqual([]);
  });
});

describe('401, one for all', () => {
  const withHeaders = (headers: Readonly<Record<string, string>>) => ({ ...githubDelivery(), headers });

  it.each([
    ['no signature', withHeaders({ 'X-GitHub-Event': 'pull_request' })],
    ['a malformed signature', withHeaders({ 'X-Hub-Signature-256': 'sha256=12' })],
    ['a signature of SHA-1 alone', withHeaders({ 'X-Hub-Signature': `sha1=${'0'.repeat(40)}` })],
    ['an empty digest', withHeaders({ 'X-Hub-Signature-256': `sha256=${'0'.repeat(64)}` })],
    ['another secret', githubDelivery({ secret: 'wrong' })],
    ['other bytes', { ...githubDelivery(), body: `${githubDelivery().body} ` }],
  ])('%s', async (_name, delivery) => {
    await start();
    await expectUnauthorized(await webhook.post(delivery), /not made with the webhook-secret/);
  });

  it.each([
    ['another repository', githubDelivery({ repository: 'example/other' })],
    ['another host', githubDelivery({ host: 'github.example.com' })],
    ['another service', { ...githubDelivery(), path: '/providers/gitlab' }],
  ])('%s', async (_name, delivery) => {
    await start();
    await expectUnauthorized(await webhook.post(delivery), /no valid Pipeline has|is not the JSON/);
  });

  it.each([
    ['no JSON', 'payload=%7B%7D'],
    ['no repository', '{}'],
    ['a repository that is none', '{"repository":{"clone_url":"file:///etc/passwd"}}'],
    ['nested brackets', '['.repeat(1_000_000)],
  ])('%s', async (_name, body) => {
    await start();
    const response = await webhook.post({ ...githubDelivery(), body });
    await expectUnauthorized(response, /is not the JSON of a repository webhook/);
  });

  it.each([
    ['another secret of Gitea', giteaDelivery({ secret: 'wrong' })],
    ['no signature of Gitea', { ...giteaDelivery(), headers: { 'X-Gitea-Event': 'pull_request' } }],
    [
      "GitHub's signature to Gitea's address",
      { ...githubDelivery({ host: 'git.example.com' }), path: '/providers/gitea' },
    ],
  ])('%s', async (_name, delivery) => {
    await start([byPullRequest('shop', giteaFleet)]);
    await expectUnauthorized(await webhook.post(delivery), /not made with the webhook-secret/);
  });

  it.each([
    ['a wrong token of GitLab', { 'X-Gitlab-Token': 'wrong' }],
    ['no token of GitLab', {}],
    ['an empty token of GitLab', { 'X-Gitlab-Token': '' }],
  ])('%s', async (_name, headers) => {
    await start([byPullRequest('shop', gitlabFleet)]);
    const response = await webhook.post({
      ...gitlabDelivery(),
      headers: { 'X-Gitlab-Event': 'Merge Request Hook', ...headers },
    });
    await expectUnauthorized(response, /not made with the webhook-secret/);
  });

  it.each<[string, Secrets]>([
    ['no Secret', {}],
    ['no webhook secret', { 'pipelines/git': { token: 't' } }],
    ['a blank webhook secret', { 'pipelines/git': { 'webhook-secret': ' \n' } }],
    ['an encrypted one', { 'pipelines/git': { 'webhook-secret': 'ENC[AES256_GCM,data:YQ==,tag:YQ==]' } }],
  ])('%s, whatever signs', async (_name, secrets) => {
    await start(undefined, secrets);
    const [value] = Object.values(secrets?.['pipelines/git'] ?? {});
    const secret = typeof value === 'string' ? value : '';
    await expectUnauthorized(await webhook.post(githubDelivery({ secret })), /has webhook-secret/);
  });

  it('reads a Secret also for an unknown repository', async () => {
    const store = memoryStore([]);
    const read: string[] = [];
    const secret = (namespace: string, name: string) => {
      read.push(`${namespace}/${name}`);
      return Promise.resolve(undefined);
    };
    await start(undefined, undefined, { store: { ...store, secret } });
    await expectUnauthorized(await webhook.post(githubDelivery()), /no valid Pipeline has/);
    expect(read).toHaveLength(1);
  });

  it('counts as a failed request of its address', async () => {
    await start(undefined, undefined, { limit: { value: 2, intervalMs: 3_600_000 } });
    const statuses = [];
    for (let i = 0; i < 3; i += 1)
      statuses.push((await webhook.post(githubDelivery({ secret: 'x' }))).status);
    expect(statuses).toEqual([401, 401, 429]);
  });

  it('keeps the secret and the payload out of the log', async () => {
    await start([byPullRequest('shop', gitlabFleet)]);
    await webhook.post(gitlabDelivery({ secret: 'nearly-the-secret' }));
    await webhook.post(gitlabDelivery());
    const text = JSON.stringify(webhook.log);
    expect(text).not.toContain('nearly-the-secret');
    expect(text).not.toContain(hookSecret);
  });
});

describe('the size of a delivery', () => {
  it('may be that of a long description', async () => {
    await start();
    expect((await webhook.post(githubDelivery({ text: 'x'.repeat(900_000) }))).status).toBe(202);
  });

  it('is at most 1 MiB', async () => {
    await start();
    const response = await webhook.post(githubDelivery({ text: 'x'.repeat(1024 * 1024) }));
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ detail: 'the body is larger than 1048576 bytes.' });
    expect(looked).toEqual([]);
  });
});

describe('a store that cannot be read', () => {
  const unreadable = () => Promise.reject(new WindlassError('store-unavailable', 'Forbidden.'));

  it('is 503 where the Pipelines are not known', async () => {
    const store = { ...memoryStore([]), repositories: unreadable };
    await start(undefined, undefined, { store });
    expect((await webhook.post(githubDelivery())).status).toBe(503);
  });

  it('is 503 where the only Secret that may verify cannot be read', async () => {
    const store = { ...memoryStore([byPullRequest('shop')]), secret: unreadable };
    await start(undefined, undefined, { store });
    expect((await webhook.post(githubDelivery())).status).toBe(503);
  });

  it('does not matter where another Secret verifies', async () => {
    const store = memoryStore([byPullRequest('shop'), byPullRequest('cart', { secretName: 'gone' })], {
      'pipelines/git': { 'webhook-secret': hookSecret },
    });
    const secret: typeof store.secret = (namespace, name) =>
      name === 'gone' ? unreadable() : store.secret(namespace, name);
    await start(undefined, undefined, { store: { ...store, secret } });
    expect((await webhook.post(githubDelivery())).status).toBe(202);
    expect(looked).toEqual([fleet]);
  });
});

describe('the paths', () => {
  it.each(['/providers', '/providers/gogs', '/providers/github/', '/providers/github/x'])(
    'hold no %s',
    async (path) => {
      await start();
      expect((await webhook.post({ ...githubDelivery(), path })).status).toBe(404);
    },
  );

  it('take only POST', async () => {
    await start();
    const response = await webhook.post({ ...githubDelivery(), method: 'GET' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });
});
