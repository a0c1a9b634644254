/** What a repository may hold besides manifests: submodules, pointers of Git LFS, symbolic links. */
import { commitFiles } from '../../../support/git-repository';
import { failureOf } from '../../../support/classified-failure';
import { branch, manifestPath, type PromotionForge, startPromotionForge } from '../promotion-forge';

let world: PromotionForge;
beforeEach(async () => {
  world = await startPromotionForge();
});
afterEach(() => world.close());

const marker = (version: string): string => `version: ${version} # {"$promotion": "apps:shop:staging"}\n`;
const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 12\n`;

/** A commit on main that has a submodule at this path; its repository is nowhere to be had. */
function addSubmodule(path: string): void {
  const git = (...args: readonly string[]): string => world.git(...args);
  git('read-tree', 'main');
  git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},${path}`);
  const tree = git('write-tree');
  const commit = git('commit-tree', '-p', 'main', '-m', 'Add a submodule', tree);
  git('update-ref', 'refs/heads/main', commit);
}
const treeOf = (revision: string): string => world.git('ls-tree', '-r', revision);

test('submodules stay as they are, and are not fetched', async () => {
  commitFiles(world.bare, 'main', {
    '.gitmodules': '[submodule "lib"]\n\tpath = lib\n\turl = https://git.example.invalid/lib.git\n',
  });
  addSubmodule('lib');
  addSubmodule('clusters/staging/more.yaml');
  await world.promote();
  expect(treeOf(branch)).toContain(`160000 commit ${'1'.repeat(40)}\tlib`);
  expect(treeOf(branch)).toContain(`160000 commit ${'1'.repeat(40)}\tclusters/staging/more.yaml`);
  expect(world.git('show', `${branch}:${manifestPath}`)).toBe(marker('1.1.0').trim());
});

test('pointers of Git LFS beside the marked file stay as they are', async () => {
  commitFiles(world.bare, 'main', {
    '.gitattributes': '*.tgz filter=lfs diff=lfs merge=lfs -text\nbig.yaml filter=lfs\n',
    'charts/app.tgz': pointer,
    'big.yaml': pointer,
  });
  await world.promote();
  expect(world.git('show', `${branch}:big.yaml`)).toBe(pointer.trim());
  expect(world.git('diff', '--name-only', 'main', branch)).toBe(manifestPath);
});

test('a marked file that is in Git LFS is named, since its content is elsewhere', async () => {
  commitFiles(world.bare, 'main', { [manifestPath]: pointer });
  expect(await failureOf(world.promote())).toMatchObject({
    code: 'no-marker',
    fault: expect.stringContaining(`The content of ${manifestPath} is in Git LFS`),
  });
});

describe('a symbolic link', () => {
  test('to a marked file is not followed: the file itself is edited, the link stays', async () => {
    commitFiles(world.bare, 'main', {}, { links: { 'current.yaml': manifestPath } });
    await world.promote();
    expect(world.git('diff', '--name-only', 'main', branch)).toBe(manifestPath);
    expect(treeOf(branch)).toMatch(/^120000 blob \w+\tcurrent\.yaml$/m);
  });

  test('out of the repository is not followed', async () => {
    commitFiles(
      world.bare,
      'main',
      {},
      { links: { 'passwd.yaml': '/etc/passwd', 'up.yaml': '../../x.yaml' } },
    );
    await world.promote();
    expect(world.git('diff', '--name-only', 'main', branch)).toBe(manifestPath);
  });

  test.each(['../../base/app.yml', '/var/lib/fleet/app.yaml', '../../../elsewhere/app.yaml'])(
    'in place of the marked file, to %s without a marker, is named with its path',
    async (target) => {
      const files = { 'base/app.yml': 'version: 1.0.0\n' };
      commitFiles(world.bare, 'main', files, { links: { [manifestPath]: target } });
      expect(await failureOf(world.promote())).toMatchObject({
        code: 'no-marker',
        fault: expect.stringContaining(`Symbolic links are not followed: ${manifestPath}`),
      });
    },
  );
});
