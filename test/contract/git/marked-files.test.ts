import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRepositoryCache } from '../../../src/git/cache/repository-cache';
import { commitFiles, runGit } from '../../support/git-repository';
import { type GitHttpServer } from '../../support/git-http-server';
import {
  branches,
  cacheOptions,
  marked,
  promote,
  remoteOf,
  signal,
  serveRepository,
  type ServedRepository,
} from './fixtures';

let served: ServedRepository;
let server: GitHttpServer;
let directory: string;
let bare: string;
beforeEach(async () => {
  served = await serveRepository();
  ({ server, bare, directory } = served);
});
afterEach(() => served.close());

/** Paths on main that contain a text, as a cache in that directory finds them. */
async function find(text = 'ns:app:staging', cache = join(directory, 'warm')): Promise<string[]> {
  return createRepositoryCache(cacheOptions(cache)).withRepository(
    remoteOf(server),
    branches,
    signal(),
    async (repository) => {
      const files = await repository.filesContaining(repository.heads.base, text);
      return files.map(({ path, content }) => {
        expect(content.toString()).toContain(text);
        return path;
      });
    },
  );
}

describe('files containing a text', () => {
  test('are regular YAML files at any depth, never links, submodules or others', async () => {
    commitFiles(
      bare,
      'main',
      {
        'a.yaml': marked('1'),
        'deep/er/b.yml': marked('1'),
        'c.txt': marked('1'),
        'd.YAML': marked('1'),
        'none.yaml': 'version: 1\n',
        'template.yaml': '{{ if }}\n',
      },
      {
        links: { 'link.yaml': 'a.yaml', 'ns:app:staging.yaml': 'ns:app:staging', 'out.yaml': '/etc/passwd' },
      },
    );
    expect(await find()).toEqual(['a.yaml', 'deep/er/b.yml']);
  });

  test('may have any name that UTF-8 allows', async () => {
    const names = [
      'new\nline.yaml',
      ':(exclude)a.yaml',
      '-rf.yaml',
      'ünï"c\\ode\t.yaml',
      '*.yaml',
      'dir/[a].yml',
    ];
    commitFiles(bare, 'main', Object.fromEntries(names.map((name) => [name, marked('1.0.0')])));
    expect((await find()).sort()).toEqual([...names].sort());
    const cache = createRepositoryCache(cacheOptions(directory));
    const pushed = await cache.withRepository(remoteOf(server), branches, signal(), (repository) =>
      promote(repository, '2.0.0'),
    );
    expect(runGit(bare, 'grep', '-c', 'version: 2.0.0', pushed).split('\n')).toHaveLength(names.length);
  });

  test('are found by the bytes of the text, whatever it means to a regular expression or an option', async () => {
    commitFiles(bare, 'main', { 'a.yaml': 'x: 1 # --a.*[b\n', 'b.yaml': 'x: 1 # --aXXb\n' });
    expect(await find('--a.*[b')).toEqual(['a.yaml']);
  });

  test('of more than 2 MB are refused by name, if they bear the text', async () => {
    const filler = '# filler\n'.repeat(230_000);
    commitFiles(bare, 'main', { 'app.yaml': marked('1'), 'huge.yaml': filler });
    expect(await find()).toEqual(['app.yaml']);
    commitFiles(bare, 'main', { 'huge.yaml': filler + marked('1') });
    await expect(find()).rejects.toMatchObject({
      code: 'invalid-manifest',
      message: expect.stringContaining('huge.yaml'),
    });
    expect(await find('something else')).toEqual([]);
  });

  test('in a repository with SHA-256 names are found, edited and pushed', async () => {
    rmSync(bare, { recursive: true });
    bare = server.createRepository('team/config', 'sha256');
    commitFiles(bare, 'main', { 'deep/app.yaml': marked('1.0.0') });
    const pushed = await createRepositoryCache(cacheOptions(directory)).withRepository(
      remoteOf(server),
      branches,
      signal(),
      (repository) => promote(repository, '2.0.0'),
    );
    expect(pushed).toHaveLength(64);
    expect(runGit(bare, 'show', `${pushed}:deep/app.yaml`)).toBe(marked('2.0.0').trim());
  });
});

describe('the marker index', () => {
  test('never tells anything else than a fresh search, whatever changed since', async () => {
    const steps: (() => string)[] = [
      () => commitFiles(bare, 'main', { 'a.yaml': marked('1'), 'b.yaml': 'x: 1\n', 'd/c.yml': marked('1') }),
      () => commitFiles(bare, 'main', { 'b.yaml': marked('1') }),
      () => commitFiles(bare, 'main', { 'a.yaml': 'no longer\n' }),
      () => commitFiles(bare, 'main', { 'moved.yaml': marked('1') }, { remove: ['b.yaml'] }),
      () => commitFiles(bare, 'main', {}, { remove: ['d/c.yml'], links: { 'c.yaml': 'moved.yaml' } }),
      () => commitFiles(bare, 'main', {}, { links: { 'moved.yaml': 'a.yaml' } }),
      () => commitFiles(bare, 'main', { 'moved.yaml/inside.yaml': marked('1') }, { remove: ['moved.yaml'] }),
      () =>
        commitFiles(
          bare,
          'main',
          Object.fromEntries([...Array(600).keys()].map((n) => [`n/${n}.yaml`, marked('1')])),
        ),
      () => commitFiles(bare, 'main', { 'a.yaml': marked('1') }, { orphan: true }),
    ];
    for (const [step, change] of steps.entries()) {
      change();
      expect(await find()).toEqual(await find('ns:app:staging', join(directory, `fresh-${step}`)));
    }
  });

  test.each([
    ['is no JSON', () => '{"format":1,'],
    ['is of another kind', () => '{"format":2}'],
    [
      'names a commit that is gone',
      (text: string) => text.replace(/"commit":"[0-9a-f]+"/, `"commit":"${'0'.repeat(40)}"`),
    ],
    ['belongs to another text', (text: string) => text.replace('ns:app:staging', 'ns:app:prod')],
  ])('is passed over when it %s', async (_how, spoil) => {
    commitFiles(bare, 'main', { 'a.yaml': marked('1') });
    await find();
    for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
      const path = join(directory, name);
      if (/markers\/\w+\.json$/.test(name)) writeFileSync(path, spoil(readFileSync(path, 'utf8')));
    }
    commitFiles(bare, 'main', { 'b.yaml': marked('1') });
    expect(await find()).toEqual(['a.yaml', 'b.yaml']);
  });
});

test('files that are not read are named: those of other names, pointers of Git LFS, and links', async () => {
  const files = {
    'a.yaml': marked('1'),
    'deep/Kustomization': marked('1'),
    'd.YAML': marked('1'),
    'none.txt': 'nothing\n',
    'big.yaml': `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 1\n`,
  };
  const links = { 'link.yaml': 'deep/Kustomization', 'deep/out\n.yml': '/etc/passwd', 'link.txt': 'a.yaml' };
  commitFiles(bare, 'main', files, { links });
  const unread = await createRepositoryCache(cacheOptions(join(directory, 'cache'))).withRepository(
    remoteOf(server),
    branches,
    signal(),
    (repository) => repository.unreadFiles(repository.heads.base, 'ns:app:staging'),
  );
  expect(unread).toEqual({
    otherNames: ['d.YAML', 'deep/Kustomization'],
    lfsPointers: ['big.yaml'],
    symbolicLinks: ['deep/out\n.yml', 'link.yaml'],
  });
});
