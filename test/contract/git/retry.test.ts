/** The activity that opens a pull request, run again after it was interrupted. */
import { noon } from '../../support/events';
import { runGit } from '../../support/git-repository';
import { branch, type PromotionForge, startPromotionForge } from './promotion-forge';

let fleet: PromotionForge;
let pushes: number;
beforeEach(async () => {
  fleet = await startPromotionForge();
  pushes = 0;
  fleet.forge.onPush(() => {
    pushes += 1;
  });
});
afterEach(() => fleet.close());

const bare = () => fleet.bare;
const promote = (release = 2) => fleet.promote({ release });

/** Replaces the branch's head by a commit of the same parent, tree and message whose id is another, as a signature makes it. */
function commitAgain(message = runGit(bare(), 'log', '-1', '--format=%B', branch)): string {
  const id = runGit(bare(), 'commit-tree', '-p', `${branch}^`, '-m', message, `${branch}^{tree}`);
  runGit(bare(), 'update-ref', `refs/heads/${branch}`, id);
  return id;
}

test('knows its own commit by parent, tree and trailers, and pushes nothing', async () => {
  await promote();
  const signed = commitAgain();
  expect(await promote()).toMatchObject({ state: 'pull-request', number: 1 });
  expect(runGit(bare(), 'rev-parse', branch)).toBe(signed);
  expect(pushes).toBe(1);
});

test('knows it with other words in its message', async () => {
  await promote();
  const [, ...trailers] = runGit(bare(), 'log', '-1', '--format=%B', branch).split('\n');
  const reworded = commitAgain(['chore: promote', ...trailers].join('\n'));
  await promote();
  expect(runGit(bare(), 'rev-parse', branch)).toBe(reworded);
});

test('takes a commit of another deployment for none of its own', async () => {
  await promote();
  const earlier = commitAgain();
  await promote(3);
  expect(runGit(bare(), 'rev-parse', branch)).not.toBe(earlier);
  expect(runGit(bare(), 'log', '-1', '--format=%B', branch)).toContain(`Windlass-Order: ${noon} 3 `);
});

test('takes one on an older base, or with another tree, for none of its own', async () => {
  await promote();
  const base = await fleet.commit('main', { note: 'x' }, 'Note');
  await promote();
  expect(runGit(bare(), 'rev-parse', `${branch}^`)).toBe(base);
  const tampered = runGit(
    bare(),
    'commit-tree',
    '-p',
    base,
    '-m',
    runGit(bare(), 'log', '-1', '--format=%B', branch),
    'main^{tree}',
  );
  runGit(bare(), 'update-ref', `refs/heads/${branch}`, tampered);
  await promote();
  expect(runGit(bare(), 'show', `${branch}:clusters/staging/app.yaml`)).toContain('1.1.0');
});
