/** A worker that is lost in the middle of a promotion on a real Gitea. */
import { holdPushes } from '../support/gitea/held-push';
import { type GiteaPromotions, startGiteaPromotions } from '../support/gitea/promotions';

let on: GiteaPromotions<'lost'>;
beforeAll(async () => {
  on = await startGiteaPromotions('restart', () => ({ lost: {} }));
}, 180_000);
afterAll(() => on.close());

it('is followed by one that finishes what Gitea has already received', async () => {
  const { gitea, installed, shops, worker } = on;
  const { lost: shop } = shops;
  const push = await holdPushes(gitea, shop.repository);
  await shop.report({ version: '1.1.0', release: 2 });
  await push.received();
  await worker.kill();
  await push.release();
  const pushed = await gitea.head(shop.repository, shop.branch);
  expect(await shop.pullRequests()).toEqual([]);
  await installed.startWorker();
  await shop.ended('1.1.0', 'pull-request');
  const { number, head } = await shop.openPullRequest();
  expect({ number, head: head.sha }).toEqual({ number: 1, head: pushed });
  expect(await shop.manifest(shop.branch)).toBe(shop.release('1.1.0'));
}, 240_000);
