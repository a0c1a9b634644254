/** Merges that a real Gitea allows or refuses, and gates as one of its required checks. */
import { approveUpdate } from '../../src/workflows/contract/messages';
import { eventually } from '../support/eventually';
import { type GiteaPromotions, startGiteaPromotions } from '../support/gitea/promotions';
import { type GiteaShop, mergeByHand } from '../support/gitea/shop';

let on: GiteaPromotions<'watched' | 'automatic' | 'touched'>;
beforeAll(async () => {
  const gates = { stage: 'merge', approvals: { required: 1 }, promoteOn: 'upgraded' };
  on = await startGiteaPromotions('merges', () => ({
    watched: { gates },
    automatic: { gates: { ...gates, autoMerge: true } },
    touched: { gates: { ...gates, autoMerge: true } },
  }));
  for (const [{ repository }, contexts] of [
    [on.shops.watched, ['windlass/gates']],
    [on.shops.touched, ['windlass/gates']],
    [on.shops.automatic, ['windlass/gates', 'ci/test']],
  ] as const) {
    const rule = { rule_name: 'main', enable_status_check: true, status_check_contexts: contexts };
    await on.gitea.request('POST', `repos/${repository}/branch_protections`, rule);
  }
}, 180_000);
afterAll(() => on.close());

interface Merged {
  readonly merged_by: { readonly login: string } | null;
  readonly merge_commit_sha: string;
}

const proposed = async (shop: GiteaShop) => {
  const id = await shop.report({ version: '1.1.0', release: 2 });
  await shop.ended('1.1.0', 'pull-request');
  const pullRequest = await shop.openPullRequest();
  await eventually(async () => expect(await gatesOf(shop, pullRequest.head.sha)).toContain('pending'));
  const approve = () =>
    on.installed.client.workflow
      .getHandle(id)
      .executeUpdate(approveUpdate, { args: [{ version: '1.1.0', by: 'alice' }] });
  return { ...pullRequest, approve };
};
/** The newest first. */
const gatesOf = async ({ repository }: GiteaShop, head: string): Promise<readonly string[]> => {
  const statuses = await on.gitea.request('GET', `repos/${repository}/commits/${head}/statuses`);
  return (statuses as { readonly id: number; readonly context: string; readonly status: string }[])
    .filter(({ context }) => context === 'windlass/gates')
    .sort((left, right) => right.id - left.id)
    .map(({ status }) => status);
};
const mergedBy = async ({ repository }: GiteaShop, number: number): Promise<Merged> =>
  (await on.gitea.request('GET', `repos/${repository}/pulls/${number}`)) as Merged;

it('a person cannot merge before the gates are open, where their check is required', async () => {
  const { watched: shop } = on.shops;
  const { number, head, approve } = await proposed(shop);
  await expect(mergeByHand(on.gitea, shop.repository, number, on.person)).rejects.toThrow(
    /required status checks/i,
  );
  await approve();
  await eventually(async () => expect((await gatesOf(shop, head.sha))[0]).toBe('success'), 60_000);
  await mergeByHand(on.gitea, shop.repository, number, on.person);
  await shop.ended('1.1.0', 'merged');
  expect(await shop.manifest()).toBe(shop.release('1.1.0'));
}, 240_000);

it('Windlass merges the approved commit once the required checks have passed', async () => {
  const { automatic: shop } = on.shops;
  const { number, head, approve } = await proposed(shop);
  const success = { context: 'ci/test', state: 'success' };
  await on.gitea.request('POST', `repos/${shop.repository}/statuses/${head.sha}`, success);
  await approve();
  await shop.ended('1.1.0', 'merged');
  const { merged_by: by, merge_commit_sha: commit } = await mergedBy(shop, number);
  expect(by?.login).toBe('merges-bot');
  const { parents } = (await on.gitea.request('GET', `repos/${shop.repository}/git/commits/${commit}`)) as {
    readonly parents: readonly { readonly sha: string }[];
  };
  expect(parents.map(({ sha }) => sha)).toContain(head.sha);
  expect(await shop.manifest()).toBe(shop.release('1.1.0'));
}, 240_000);

it("a person's commit needs approvals of its own, and a person to merge it", async () => {
  const { gitea, person, shops } = on;
  const { touched: shop } = shops;
  const { number, approve } = await proposed(shop);
  const author = { name: person, email: `${person}@example.com` };
  const theirs = await gitea.commit(shop.repository, shop.branch, { 'notes.md': 'Mine.\n' }, author);
  // Of the commit that Windlass knows.
  await approve();
  await eventually(async () => expect(await gatesOf(shop, theirs)).not.toEqual([]), 60_000);
  expect(await gatesOf(shop, theirs)).toEqual(['pending']);
  await approve();
  await eventually(async () => expect((await gatesOf(shop, theirs))[0]).toBe('success'), 60_000);
  await mergeByHand(gitea, shop.repository, number, person);
  await shop.ended('1.1.0', 'merged');
  expect((await mergedBy(shop, number)).merged_by?.login).toBe(person);
}, 240_000);
