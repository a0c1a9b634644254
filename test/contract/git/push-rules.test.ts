/** Servers that refuse a push for what is in it: real hooks behind real HTTP. */
import { copyFileSync, chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Repository } from '../../../src/git/repository';
import { createRepositoryCache } from '../../../src/git/cache/repository-cache';
import { providerOf } from '../../../src/providers/registry';
import { runGit } from '../../support/git-repository';
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
  served = await serveRepository({ 'app.yaml': marked('1.0.0') });
  ({ server, bare, directory } = served);
});
afterEach(() => served.close());

function push(provider: 'github' | 'gitlab', author?: { name: string; email: string }): Promise<string> {
  const { serverRefusals } = providerOf(provider);
  return createRepositoryCache(cacheOptions(directory)).withRepository(
    { ...remoteOf(server), serverRefusals },
    branches,
    signal(),
    (repository: Repository) => promote(repository, '1.1.0', author === undefined ? {} : { author }),
  );
}

function installHook(hook: string, fixture: string): void {
  const file = join(bare, 'hooks', hook);
  copyFileSync(join(__dirname, '../../fixtures/git-hooks', fixture), file);
  chmodSync(file, 0o755);
}

function says(hook: string, words: string): void {
  writeFileSync(join(bare, 'hooks', hook), `#!/bin/sh\necho '${words}' >&2\nexit 1\n`, { mode: 0o755 });
}

test('required signatures are named, with the setting that signs', async () => {
  installHook('pre-receive', 'pre-receive-signatures.sh');
  await expect(push('github')).rejects.toMatchObject({
    code: 'signature-required',
    retryable: false,
    message: expect.stringMatching(
      /GH013: Repository rule violations found .*Commits must have verified signatures\..*Sign the commits \(pull-request\.commit\.signingKey\)/,
    ),
  });
});

test("a rule on the author's address is quoted whole, and met by another author", async () => {
  installHook('pre-receive', 'pre-receive-author.sh');
  const stranger = { name: 'Windlass', email: 'windlass@example.org' };
  await expect(push('gitlab', stranger)).rejects.toMatchObject({
    code: 'push-rule',
    message: expect.stringContaining(
      "GitLab: Author's email 'windlass@example.org' does not follow the pattern '@example\\.com$'. ",
    ),
  });
  const pushed = await push('gitlab', { name: 'Bot', email: 'bot@example.com' });
  expect(runGit(bare, 'rev-parse', branches.promotion)).toBe(pushed);
});

test('a reason that stands in the status of the branch alone is quoted', async () => {
  installHook('proc-receive', 'proc-receive-workflow-scope.py');
  runGit(bare, 'config', 'receive.procReceiveRefs', 'refs/heads');
  await expect(push('github')).rejects.toMatchObject({
    code: 'workflow-scope',
    message: expect.stringContaining(
      'refusing to allow a Personal Access Token to create or update workflow `.github/workflows/deploy.yml` without `workflow` scope. Give the token',
    ),
  });
});

test('long words keep what decided', async () => {
  const filler = 'See the handbook. '.repeat(200);
  says('pre-receive', `${filler}Commits must have verified signatures. ${filler}`);
  const failure: unknown = await push('github').catch((error: unknown) => error);
  expect(failure).toMatchObject({
    code: 'signature-required',
    message: expect.stringContaining('Commits must have verified signatures.'),
  });
  expect((failure as Error).message.length).toBeLessThan(2_000);
});

test('words of a thousand characters are quoted whole', async () => {
  const words = `${'Every commit names a ticket; '.repeat(33)}the last word counts`;
  says('update', words);
  await expect(push('github')).rejects.toMatchObject({
    code: 'push-rule',
    message: expect.stringContaining(words),
  });
});

test.each([
  ['below it', `${branches.promotion}/fix`],
  ['above it', 'promotion-ns-app-staging'],
])('a branch in the way, %s, is named', async (where, inTheWay) => {
  runGit(bare, 'branch', inTheWay, 'main');
  const promotion = where === 'below it' ? branches.promotion : `${inTheWay}/deeper`;
  const visit = createRepositoryCache(cacheOptions(directory)).withRepository(
    remoteOf(server),
    { ...branches, promotion },
    signal(),
    (repository) => promote(repository, '1.1.0'),
  );
  await expect(visit).rejects.toMatchObject({
    code: 'branch-in-the-way',
    retryable: false,
    message: expect.stringContaining(`The branch ${inTheWay} on 127.0.0.1 is in the way`),
  });
});
