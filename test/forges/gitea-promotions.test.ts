/** Whole promotions on a real Gitea: signed events, Git over HTTP, its API and its webhooks. */
import { eventually } from '../support/eventually';
import { mergeByHand } from '../support/gitea/shop';
import { type GiteaPromotions, startGiteaPromotions } from '../support/gitea/promotions';

let on: GiteaPromotions<'merged' | 'closed' | 'pushed' | 'deleted'>;
beforeAll(async () => {
  on = await startGiteaPromotions('promotions', () => ({ merged: {}, closed: {}, pushed: {}, deleted: {} }));
}, 180_000);
afterAll(() => on.close());

/** A minute passes before Windlass looks by itself. */
const ofDelivery = 45_000;

it('a signed event becomes a pull request, which a newer version takes over and a person merges', async () => {
  const { gitea, person, shops } = on;
  const { merged: shop } = shops;
  await shop.report({ version: '1.1.0', release: 2 });
  await shop.ended('1.1.0', 'pull-request');
  await shop.report({ version: '1.2.0', release: 3 });
  const { outcomes } = await shop.ended('1.2.0', 'pull-request');
  const { number, title, html_url: page } = await shop.openPullRequest();
  expect({ number, title }).toEqual({ number: 1, title: 'Promote apps/merged in staging to 1.2.0' });
  expect(outcomes[0]?.detail).toBe(page);
  const changed = (await gitea.request('GET', `repos/${shop.repository}/pulls/1.diff`)) as string;
  expect(changed.split('\n').filter((line) => /^[-+] /.test(line))).toEqual([
    '-      version: 1.0.0 # {"$promotion": "apps:merged:staging"}',
    '+      version: 1.2.0 # {"$promotion": "apps:merged:staging"}',
  ]);

  await mergeByHand(gitea, shop.repository, number, person);
  await shop.ended('1.2.0', 'merged');
  expect(await shop.manifest()).toBe(shop.release('1.2.0'));
  await shop.report({ environment: 'staging', version: '1.2.0' });
  const { outcomes: after } = await shop.ended('1.2.0', 'deployed');
  expect(after[0]?.by).toBe(person);
}, 240_000);

it('a version whose pull request a person closes is held, as soon as Gitea says so', async () => {
  const { gitea, person, shops } = on;
  const { closed: shop } = shops;
  await shop.report({ version: '1.1.0', release: 2 });
  await shop.ended('1.1.0', 'pull-request');
  const { number } = await shop.openPullRequest();
  await gitea.request('PATCH', `repos/${shop.repository}/pulls/${number}`, { state: 'closed' }, person);
  await eventually(async () => expect((await shop.state()).outcomes[0]?.state).toBe('closed'), ofDelivery);
  const { outcomes, held } = await shop.state();
  expect([outcomes[0]?.by, held?.[0]?.version]).toEqual([person, '1.1.0']);
  await shop.report({ version: '1.1.0', release: 3, at: new Date(Date.now() + 2_000) });
  await eventually(async () => expect((await shop.state()).dropped?.[0]?.reason).toBe('held'));
  expect((await shop.pullRequests()).map(({ state }) => state)).toEqual(['closed']);
}, 240_000);

it("a person's commit on the promotion branch stays, under a newer version too", async () => {
  const { gitea, person, shops } = on;
  const { pushed: shop } = shops;
  await shop.report({ version: '1.1.0', release: 2 });
  await shop.ended('1.1.0', 'pull-request');
  const author = { name: person, email: `${person}@example.com` };
  const notes = { 'apps/staging/notes.md': 'Reviewed.\n' };
  await gitea.commit(shop.repository, shop.branch, notes, author);
  await shop.report({ version: '1.2.0', release: 3 });
  await shop.ended('1.2.0', 'pull-request');
  expect(await shop.manifest(shop.branch)).toBe(shop.release('1.2.0'));
  expect(await gitea.read(shop.repository, 'apps/staging/notes.md', shop.branch)).toBe('Reviewed.\n');
  expect((await shop.openPullRequest()).number).toBe(1);
}, 240_000);

it('a promotion branch that a person deletes counts as closed; the next version has a new one', async () => {
  const { gitea, person, shops } = on;
  const { deleted: shop } = shops;
  await shop.report({ version: '1.1.0', release: 2 });
  await shop.ended('1.1.0', 'pull-request');
  const branch = encodeURIComponent(shop.branch);
  await gitea.request('DELETE', `repos/${shop.repository}/branches/${branch}`, undefined, person);
  await shop.ended('1.1.0', 'closed');
  await shop.report({ version: '1.2.0', release: 3 });
  await shop.ended('1.2.0', 'pull-request');
  expect((await shop.openPullRequest()).title).toBe('Promote apps/deleted in staging to 1.2.0');
  expect(await shop.manifest(shop.branch)).toBe(shop.release('1.2.0'));
}, 240_000);
