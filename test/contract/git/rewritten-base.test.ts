/** A base branch that was reset, or whose history was purged, while a pull request was open. */
import { branch, manifestPath, type PromotionForge, startPromotionForge } from './promotion-forge';

let fleet: PromotionForge;
beforeEach(async () => {
  fleet = await startPromotionForge();
});
afterEach(() => fleet.close());

const dropped = 'apps/prod/other.yaml';
const marked = (version: string) => `version: ${version} # {"$promotion": "apps:shop:staging"}`;
const filesOfBranch = () => fleet.git('ls-tree', '-r', '--name-only', branch).split('\n');
const aheadOfMain = () => fleet.git('rev-list', '--count', `main..${branch}`);

const rewrites: Record<string, () => string> = {
  reset: () => fleet.git('rev-parse', 'main~1'),
  'purged of its history': () => fleet.git('commit-tree', '-m', 'Purged history', 'main~1^{tree}'),
};
const rewrite = (how: string) =>
  fleet.git('update-ref', 'refs/heads/main', rewrites[how]?.() ?? 'a rewrite that is not listed');

describe.each(Object.keys(rewrites))('after the base was %s', (how) => {
  test('the branch is made again from it, without the dropped commit', async () => {
    await fleet.commit('main', { [dropped]: 'kind: Dropped\n' }, 'Bad merge to be dropped');
    await fleet.promote();
    rewrite(how);
    await fleet.promote({ version: '1.2.0', release: 3 });
    expect(fleet.git('rev-parse', `${branch}^`)).toBe(fleet.git('rev-parse', 'main'));
    expect(filesOfBranch()).not.toContain(dropped);
    expect(fleet.git('show', `${branch}:${manifestPath}`)).toBe(marked('1.2.0'));
  });

  test('a promotion among the dropped commits, also of another environment, changes nothing', async () => {
    await fleet.promote();
    fleet.git('update-ref', 'refs/heads/main', `refs/heads/${branch}`);
    const other = fleet.git('log', '-1', '--format=%B', branch).replaceAll('staging', 'prod');
    await fleet.commit('main', { 'apps/prod.yaml': 'x' }, other);
    await fleet.commit('main', { [dropped]: 'kind: Dropped\n' }, 'Bad merge to be dropped');
    await fleet.promote({ version: '1.2.0', release: 3 });
    rewrite(how);
    await fleet.promote({ version: '1.3.0', release: 4 });
    expect(aheadOfMain()).toBe('1');
    expect(filesOfBranch()).not.toContain(dropped);
  });

  test("a reviewer's commit on top of ours stays, through two versions", async () => {
    await fleet.commit('main', { [dropped]: 'kind: Dropped\n' }, 'Bad merge to be dropped');
    await fleet.promote();
    await fleet.commit(branch, { 'note.txt': 'reviewed' }, 'Note');
    rewrite(how);
    await fleet.promote({ version: '1.2.0', release: 3 });
    await fleet.promote({ version: '1.3.0', release: 4 });
    expect(filesOfBranch()).toContain('note.txt');
    expect(fleet.git('show', `${branch}:${manifestPath}`)).toBe(marked('1.3.0'));
  });
});
