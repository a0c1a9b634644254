/** Deliveries that a real Gitea signs. */
import { type FollowedRepository } from '../../src/domain/promotion/followed-repository';
import { eventually } from '../support/eventually';
import { type Gitea } from '../support/gitea';
import { sharedGitea } from '../support/gitea/shared';
import { memoryStore } from '../support/memory-store';
import { byPullRequest, hookSecret } from '../support/provider-deliveries';
import { type RunningWebhook, startWebhook } from '../support/webhook';

let gitea: Gitea;
let webhook: RunningWebhook;
const looked: FollowedRepository[] = [];
const root = 'repos/deliveries/apps';

beforeAll(async () => {
  gitea = sharedGitea();
  await gitea.createOrganization('deliveries');
  await gitea.createRepository('deliveries/apps');
  const url = `${gitea.url}/deliveries/apps`;
  webhook = await startWebhook({
    store: memoryStore([byPullRequest('shop', { provider: 'gitea', url })], {
      'pipelines/git': { 'webhook-secret': hookSecret },
    }),
    hints: {
      look: (repository) => {
        looked.push(repository);
        return Promise.resolve();
      },
    },
  });
  await createHook(hookSecret);
}, 120_000);
afterAll(() => webhook.close());

async function createHook(secret: string): Promise<void> {
  await gitea.request('POST', `${root}/hooks`, {
    ...{ type: 'gitea', active: true, events: ['pull_request', 'pull_request_sync', 'push'] },
    config: { url: `http://127.0.0.1:${webhook.port}/providers/gitea`, content_type: 'json', secret },
  });
}

/** What the webhook did with the deliveries so far. */
const outcomes = (): readonly unknown[] => webhook.log.map(({ outcome }) => outcome);

it('are hints to look once a pull request is opened, pushed to, merged', async () => {
  await gitea.commit('deliveries/apps', 'promotion', { 'app.yaml': 'version: 2\n' });
  await eventually(() => outcomes().includes('other-delivery'));
  expect(looked).toEqual([]);
  await gitea.request('POST', `${root}/pulls`, { head: 'promotion', base: 'main', title: 'Promote' });
  await eventually(() => looked.length > 0);
  expect(looked[0]).toMatchObject({ provider: 'gitea', url: `${gitea.url}/deliveries/apps` });
  expect(outcomes()).not.toContain('unauthorized-delivery');
});

it('are refused after the secret has changed', async () => {
  const hooks = (await gitea.request('GET', `${root}/hooks`)) as readonly { readonly id: number }[];
  for (const { id } of hooks) await gitea.request('DELETE', `${root}/hooks/${id}`);
  const before = outcomes().length;
  await createHook('another');
  await gitea.commit('deliveries/apps', 'another', { 'app.yaml': 'version: 3\n' });
  await eventually(() => outcomes().length > before);
  expect(outcomes().slice(before)).toContain('unauthorized-delivery');
});
