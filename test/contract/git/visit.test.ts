/** What a visit to the cache costs, and what it leaves behind when it comes to grief. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRepositoryCache } from '../../../src/git/cache/repository-cache';
import { type Repository } from '../../../src/git/repository';
import { processesBelow } from '../../support/child-processes';
import { eventually } from '../../support/eventually';
import { type GitHttpServer } from '../../support/git-http-server';
import { commitFiles, runGit } from '../../support/git-repository';
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
let environment: { PATH: string };
beforeEach(async () => {
  served = await serveRepository({ 'apps/staging/app.yaml': marked('1.0.0') });
  ({ server, bare, directory } = served);
  environment = { PATH: process.env['PATH'] ?? '' };
});
afterEach(() => served.close());

function visit<T>(use: (repository: Repository) => Promise<T>, cancelled = signal()): Promise<T> {
  const cache = createRepositoryCache({ ...cacheOptions(join(directory, 'cache')), environment });
  return cache.withRepository(remoteOf(server), branches, cancelled, use);
}

const readers = async () =>
  (await processesBelow(process.pid)).filter(({ commandLine }) => commandLine.includes('cat-file'));
const stopReaders = async (how: NodeJS.Signals) => {
  for (const { pid } of await readers()) process.kill(pid, how);
};
const version = () => runGit(bare, 'show', `${branches.promotion}:apps/staging/app.yaml`);

/** Looks at the branch and then promotes, as the activity does. */
async function lookAndPromote(repository: Repository, to: string): Promise<void> {
  await repository.commitsAhead(10);
  await promote(repository, to);
}

describe('the git processes of a promotion', () => {
  let log: string;
  beforeEach(() => {
    const bin = join(directory, 'bin');
    log = join(directory, 'log');
    mkdirSync(bin);
    const git = execFileSync('which', ['git'], { encoding: 'utf8' }).trim();
    writeFileSync(join(bin, 'git'), `#!/bin/sh\necho "$1" >> ${log}\nexec ${git} "$@"\n`, { mode: 0o755 });
    environment = { PATH: `${bin}:${environment.PATH}` };
  });
  const started = async (to: string) => {
    writeFileSync(log, '');
    await visit((repository) => lookAndPromote(repository, to));
    expect(version()).toBe(marked(to).trim());
    return readFileSync(log, 'utf8').trim().split('\n').sort();
  };

  test('are four with a warm cache, after the last pull request was merged and the base moved on', async () => {
    await started('1.1.0');
    runGit(bare, 'update-ref', 'refs/heads/main', `refs/heads/${branches.promotion}`);
    commitFiles(bare, 'main', { 'apps/other.yaml': 'x: 1\n' });
    expect(await started('1.2.0')).toEqual(['cat-file', 'fetch', 'ls-remote', 'push']);
  });

  test('are four while the last pull request is open and the base stayed', async () => {
    await started('1.1.0');
    expect(await started('1.2.0')).toEqual(['cat-file', 'ls-remote', 'push', 'rev-list']);
  });

  test('are at most six in an empty cache', async () => {
    expect(await started('1.1.0')).toEqual(['cat-file', 'fetch', 'grep', 'init', 'ls-remote', 'push']);
  });
});

describe('a visit whose reading process', () => {
  const readWhile = async (meanwhile: () => Promise<void>, cancelled = signal()) =>
    visit(async (repository) => {
      await repository.commit(repository.heads.base);
      await stopReaders('SIGSTOP');
      const reading = repository.commit(repository.heads.base);
      await meanwhile();
      return reading;
    }, cancelled);

  test('is killed fails for a reason that is worth another attempt, which succeeds', async () => {
    await expect(readWhile(() => stopReaders('SIGKILL'))).rejects.toMatchObject({
      code: 'internal',
      retryable: true,
      message: expect.stringContaining('A git process was killed'),
    });
    await visit((repository) => promote(repository, '1.1.0'));
    expect(version()).toBe(marked('1.1.0').trim());
  });

  test('hangs ends it when the promotion is cancelled', async () => {
    const reason = new Error('cancelled');
    const cancelling = new AbortController();
    const reading = readWhile(async () => {
      await stopReaders('SIGSTOP');
      cancelling.abort(reason);
    }, cancelling.signal);
    await expect(reading).rejects.toBe(reason);
    expect(await readers()).toEqual([]);
  });

  test('was used is gone when the visit is over, however it ends', async () => {
    await visit((repository) => promote(repository, '1.1.0'));
    expect(await readers()).toEqual([]);
    const failing = visit(async (repository) => {
      await repository.commit(repository.heads.base);
      throw new Error('provider is down');
    });
    await expect(failing).rejects.toThrow('provider is down');
    await eventually(async () => expect(await readers()).toEqual([]));
  });
});

test('a local ref that a push which was ended left locked is no hindrance', async () => {
  await visit((repository) => promote(repository, '1.1.0'));
  const refs = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /refs\/windlass\/\w+$/.test(name),
  );
  expect(refs).toHaveLength(2);
  for (const ref of refs) writeFileSync(`${join(directory, ref)}.lock`, '');
  commitFiles(bare, 'main', { 'apps/other.yaml': 'x: 1\n' });
  await visit((repository) => promote(repository, '1.2.0'));
  expect(version()).toBe(marked('1.2.0').trim());
});

test('a base that is replaced between the listing and the fetch is fetched as it is then', async () => {
  let listed = false;
  server.intercept = (request) => {
    const isListing = request.method === 'POST';
    if (isListing && !listed) {
      listed = true;
    } else if (listed && request.method === 'GET') {
      server.intercept = () => false;
      commitFiles(bare, 'main', { 'app.yaml': marked('9.0.0') }, { orphan: true });
      runGit(bare, 'gc', '--quiet', '--prune=now');
    }
    return false;
  };
  await visit(async (repository) => {
    expect(repository.heads.base).toBe(runGit(bare, 'rev-parse', 'main'));
    const files = await repository.filesContaining(repository.heads.base, 'ns:app:staging');
    expect(files.map(({ path }) => path)).toEqual(['app.yaml']);
  });
});
