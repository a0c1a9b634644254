/** What a hostile repository or Git server may cost: it ends its own promotion, exactly, and leaves nothing. */
import { readdirSync } from 'node:fs';
import { createRepositoryCache, type RepositoryCacheOptions } from '../../../src/git/cache/repository-cache';
import { type Repository } from '../../../src/git/repository';
import { processesBelow } from '../../support/child-processes';
import { eventually } from '../../support/eventually';
import { type GitHttpServer } from '../../support/git-http-server';
import { commitFiles } from '../../support/git-repository';
import { endlessMessages, endlessPack, endlessRefs, type Attack } from '../../support/hostile-git-server';
import { deepTree, longName, treeBomb, wideDirectory, zeroBomb } from '../../support/hostile-repository';
import {
  branches,
  cacheOptions,
  marked,
  remoteOf,
  signal,
  serveRepository,
  type ServedRepository,
} from './fixtures';

const marker = 'ns:app:staging';
let served: ServedRepository;
let server: GitHttpServer;
let directory: string;
let bare: string;
beforeEach(async () => {
  served = await serveRepository();
  ({ server, bare, directory } = served);
});
afterEach(() => served.close());

function visit<T>(
  use: (repository: Repository) => Promise<T>,
  options: Partial<RepositoryCacheOptions> = {},
): Promise<T> {
  const cache = createRepositoryCache({ ...cacheOptions(directory), ...options });
  return cache.withRepository(remoteOf(server), branches, signal(), use);
}

const find = (repository: Repository) => repository.filesContaining(repository.heads.base, marker);
const entries = () => readdirSync(directory).filter((name) => /^[0-9a-f]{40}$/.test(name));
const gitProcesses = async () =>
  (await processesBelow(process.pid)).filter(({ commandLine }) => /\bgit\b/.test(commandLine));

describe.each<[string, Attack, RegExp]>([
  ['refs without end', endlessRefs, /memory|longer than/],
  ['messages without end', endlessMessages, /messages are longer than 1 MiB/],
  ['a pack without end', endlessPack, /larger file|repository cache/],
])('a server that sends %s', (_name, attack, reason) => {
  test('ends the promotion, and leaves neither files nor processes', async () => {
    server.intercept = attack;
    await expect(visit(find)).rejects.toMatchObject({
      code: 'repository-too-large',
      message: expect.stringMatching(reason),
    });
    expect(entries()).toEqual([]);
    await eventually(async () => expect(await gitProcesses()).toEqual([]));
  });
});

test('a server that redirects to endless data is not followed', async () => {
  server.intercept = (_request, response) => {
    response.writeHead(302, { location: `${server.url}/elsewhere` }).end();
    return true;
  };
  await expect(visit(find)).rejects.toMatchObject({ code: 'repository-not-found' });
});

test('a repository of 10^10 marked files ends its promotion, before their names are in memory', async () => {
  treeBomb(bare, marker, 9);
  await expect(visit(find)).rejects.toMatchObject({
    code: 'repository-too-large',
    message: expect.stringContaining('longer than 16 MiB'),
  });
});

test('a manifest of more bytes than git may hold ends its promotion', async () => {
  await zeroBomb(bare, 210_000_000);
  await expect(visit(find)).rejects.toMatchObject({
    code: 'repository-too-large',
    message: expect.stringContaining('memory'),
  });
});

test('a directory that is too large to be read ends its promotion', async () => {
  wideDirectory(bare, marker, 40_000);
  await expect(visit(find)).rejects.toMatchObject({
    code: 'repository-too-large',
    message: expect.stringMatching(/tree [0-9a-f]{40} has \d+ bytes/),
  });
});

test('marked files at the end of a long chain of directories are not read', async () => {
  deepTree(bare, marker, 1_000, 120);
  await expect(visit(find)).rejects.toMatchObject({
    code: 'invalid-manifest',
    message: expect.stringContaining('more than 100 parts'),
  });
});

test('more marked files than an environment has are not read', async () => {
  const files = Array.from({ length: 2_001 }, (_, n) => [`${n}.yaml`, marked('1.0.0')]);
  commitFiles(bare, 'main', Object.fromEntries(files) as Record<string, string>);
  await expect(visit(find)).rejects.toMatchObject({
    code: 'invalid-manifest',
    message: expect.stringContaining('2001 files'),
  });
});

test('a name that no file system takes is not repeated', async () => {
  longName(bare, marker, 5_000);
  const error = await visit(find).catch((failure: unknown) => failure as Error);
  expect(error).toMatchObject({ code: 'invalid-manifest' });
  expect((error as Error).message.length).toBeLessThan(500);
});

test('a large, ordinary repository is within the limits', async () => {
  const files = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, n) => [`apps/${n % 200}/${n}.yaml`, `n: ${n}\n`]),
  );
  commitFiles(bare, 'main', { ...files, 'apps/staging.yaml': marked('1.0.0') });
  expect(await visit(find)).toHaveLength(1);
});
