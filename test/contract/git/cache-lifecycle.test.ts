import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Repository } from '../../../src/git/repository';
import { createRepositoryCache, type RepositoryCacheOptions } from '../../../src/git/cache/repository-cache';
import { commitFiles, runGit } from '../../support/git-repository';
import { basicAuthorization, type GitHttpServer } from '../../support/git-http-server';
import {
  branches,
  cacheOptions,
  marked,
  promote,
  remoteAt,
  remoteOf,
  signal,
  token,
  serveRepository,
  type ServedRepository,
} from './fixtures';
import { type Assignment } from './promoting-process';

let served: ServedRepository;
let server: GitHttpServer;
let directory: string;
let bare: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  served = await serveRepository({ 'app.yaml': marked('1.0.0') });
  ({ server, bare, directory } = served);
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await served.close();
});

const cache = (over: Partial<RepositoryCacheOptions> = {}) =>
  createRepositoryCache({ ...cacheOptions(directory), ...over });
const visit = <T>(use: (repository: Repository) => Promise<T>, name?: string): Promise<T> =>
  cache().withRepository(remoteOf(server, undefined, name), branches, signal(), use);
const entries = () => readdirSync(directory).filter((name) => /^[0-9a-f]{40}$/.test(name));
const gitDirectory = () => join(directory, entries()[0] ?? '', 'git');
const posts = () => server.requests.filter(({ method }) => method === 'POST').length;
const versions = async (repository: Repository) =>
  (await repository.filesContaining(repository.heads.base, 'ns:app:staging')).map(({ content }) =>
    content.toString(),
  );

function startProcess(assignment: Partial<Assignment>): ChildProcess {
  const child = fork(join(__dirname, 'promoting-process.ts'), {
    execArgv: ['--require', join(__dirname, '../../support/typescript-hook.cjs')],
  });
  children.push(child);
  child.send({
    directory,
    url: `${server.url}/team/config.git`,
    branches: [branches.promotion],
    hang: false,
    journal: join(directory, 'journal'),
    ...assignment,
  });
  return child;
}

describe('credentials', () => {
  test('that were revoked open no cached repository', async () => {
    await visit(versions);
    server.accepted.clear();
    const use = jest.fn();
    await expect(visit(use)).rejects.toMatchObject({ code: 'bad-credentials', retryable: false });
    expect(use).not.toHaveBeenCalled();
  });

  test('that were obtained for a while are forgotten when they are refused', async () => {
    const forget = jest.fn();
    const credentials = () => Promise.resolve({ tls: {}, token: '', basic: token.basic, forget });
    const kept = createRepositoryCache({ ...cacheOptions(directory), credentials });
    await kept.withRepository(remoteOf(server), branches, signal(), versions);
    expect(forget).not.toHaveBeenCalled();
    server.accepted.clear();
    await expect(kept.withRepository(remoteOf(server), branches, signal(), versions)).rejects.toMatchObject({
      code: 'bad-credentials',
    });
    expect(forget).toHaveBeenCalledTimes(1);
  });

  test('that were rotated are used at once, on the same cache', async () => {
    await visit(versions);
    server.accepted.clear();
    server.accepted.add(basicAuthorization('git', 'rotated'));
    const rotated = remoteOf(server, { basic: { username: 'git', password: 'rotated' } });
    expect(await cache().withRepository(rotated, branches, signal(), versions)).toEqual([marked('1.0.0')]);
    expect(entries()).toHaveLength(1);
  });

  test('of different Secrets never share a cache', async () => {
    await visit(versions);
    const other = remoteAt(remoteOf(server).url.href, { basic: token.basic }, 'other');
    await cache().withRepository(other, branches, signal(), versions);
    expect(entries()).toHaveLength(2);
  });

  test('as a bearer token open the repository too', async () => {
    server.accepted.add('Bearer abc');
    const remote = remoteOf(server, { bearerToken: 'abc' });
    expect(await cache().withRepository(remote, branches, signal(), versions)).toEqual([marked('1.0.0')]);
  });
});

describe('a cache that was left in disorder', () => {
  test('by kill -9 is taken over at once, without what git left locked', async () => {
    const child = startProcess({ hang: true });
    await once(child, 'message');
    writeFileSync(join(gitDirectory(), 'shallow.lock'), '');
    child.kill('SIGKILL');
    await once(child, 'exit');
    await visit((repository) => promote(repository, '1.1.0'));
    expect(runGit(bare, 'show', `${branches.promotion}:app.yaml`)).toBe(marked('1.1.0').trim());
    expect(existsSync(join(gitDirectory(), 'shallow.lock'))).toBe(false);
  });

  test('by a broken disk is fetched again when it cannot be opened', async () => {
    await visit(versions);
    rmSync(join(gitDirectory(), 'config'));
    writeFileSync(join(gitDirectory(), 'HEAD'), 'garbage');
    expect(await visit(versions)).toEqual([marked('1.0.0')]);
  });

  test('by a broken disk is fetched again by the attempt after the one that found it', async () => {
    const base = await visit((repository) => Promise.resolve(repository.heads.base));
    const objects = join(gitDirectory(), 'objects');
    for (const name of readdirSync(objects, { recursive: true, encoding: 'utf8' })) {
      // A damaged commit would be found when the cache is opened.
      if (/[0-9a-f]{38}$/.test(name) && name.replace('/', '') !== base) truncateSync(join(objects, name), 1);
    }
    await expect(visit(versions)).rejects.toMatchObject({ code: 'internal', retryable: true });
    expect(await visit(versions)).toEqual([marked('1.0.0')]);
  });

  test('by a failing use is none: it is used again as it is', async () => {
    await expect(visit(() => Promise.reject(new Error('provider is down')))).rejects.toThrow(
      'provider is down',
    );
    const before = posts();
    await visit(versions);
    expect(posts() - before).toBe(1);
  });

  test('by a full disk is told apart from everything else', async () => {
    writeFileSync(join(directory, 'file'), '');
    const broken = createRepositoryCache({ ...cacheOptions(join(directory, 'file', 'cache')) });
    await expect(
      broken.withRepository(remoteOf(server), branches, signal(), () => Promise.resolve()),
    ).rejects.toMatchObject({ code: 'cache-unavailable' });
  });
});

describe('several at once', () => {
  test('processes take turns in one repository, and each pushes its own', async () => {
    const journal = join(directory, 'journal');
    const work = ['a', 'b'].map((name) => [1, 2, 3].map((n) => `promotion-${name}-${n}`));
    const ended = work.map((names) => once(startProcess({ branches: names, journal }), 'exit'));
    expect(await Promise.all(ended)).toEqual([
      [0, null],
      [0, null],
    ]);
    const lines = readFileSync(journal, 'utf8').trim().split('\n');
    expect(lines).toHaveLength(12);
    for (let at = 0; at < lines.length; at += 2) {
      expect(lines[at + 1]).toBe(lines[at]?.replace('enter', 'leave'));
    }
    for (const name of work.flat())
      expect(runGit(bare, 'show', `${name}:app.yaml`)).toBe(marked(name).trim());
  });

  test('a waiter leaves when its signal is aborted, and the one inside is not disturbed', async () => {
    const reason = new Error('cancelled');
    const shared = cache();
    const waiter = new AbortController();
    await shared.withRepository(remoteOf(server), branches, signal(), async (repository) => {
      const waiting = shared.withRepository(remoteOf(server), branches, waiter.signal, () =>
        Promise.resolve(),
      );
      waiter.abort(reason);
      await expect(waiting).rejects.toBe(reason);
      expect(await versions(repository)).toEqual([marked('1.0.0')]);
    });
    expect(await visit(versions)).toEqual([marked('1.0.0')]);
  });
});

describe('the size cap', () => {
  beforeEach(() => {
    for (const name of ['one', 'two'])
      commitFiles(server.createRepository(name), 'main', { 'app.yaml': marked(name) });
  });

  test('evicts the least recently used repository first', async () => {
    await visit(versions, 'one');
    const [one = ''] = entries();
    utimesSync(join(directory, one, 'bytes'), 1, 1);
    await visit(versions, 'two');
    const two = entries().find((key) => key !== one) ?? '';
    const bytes = Number(readFileSync(join(directory, two, 'bytes'), 'utf8'));
    await cache({ maxBytes: bytes + 100 }).withRepository(
      remoteOf(server, undefined, 'two'),
      branches,
      signal(),
      versions,
    );
    expect(entries()).toEqual([two]);
  });

  test('never evicts a repository in use', async () => {
    const small = cache({ maxBytes: 1 });
    await small.withRepository(remoteOf(server, undefined, 'one'), branches, signal(), async (repository) => {
      await small.withRepository(remoteOf(server, undefined, 'two'), branches, signal(), versions);
      expect(entries()).toHaveLength(1);
      expect(await versions(repository)).toEqual([marked('one')]);
    });
    expect(entries()).toEqual([]);
  });
});

describe('a remote that hangs', () => {
  test('ends as timed out', async () => {
    server.intercept = () => new Promise(() => undefined);
    await expect(
      cache({ gitTimeoutMs: 300 }).withRepository(remoteOf(server), branches, signal(), () =>
        Promise.resolve(),
      ),
    ).rejects.toMatchObject({ code: 'timed-out', retryable: true });
  });

  test('leaves no process behind when the promotion is cancelled', async () => {
    const reason = new Error('cancelled');
    const cancelling = new AbortController();
    const disconnected = new Promise((resolve) => {
      server.intercept = (request) => {
        request.socket.once('close', resolve);
        cancelling.abort(reason);
        return new Promise(() => undefined);
      };
    });
    await expect(
      cache().withRepository(remoteOf(server), branches, cancelling.signal, () => Promise.resolve()),
    ).rejects.toBe(reason);
    await disconnected;
  });
});
