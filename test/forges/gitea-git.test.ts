/** What the Git server of a real Gitea says, and where it takes pushes. */
import { type FailureCode } from '../../src/domain/errors';
import { classifyGitFailure } from '../../src/git/transport/failure-classification';
import { gitea as provider } from '../../src/providers/gitea';
import { type Gitea } from '../support/gitea';
import { sharedGitea } from '../support/gitea/shared';
import { type GitClient, gitClient } from '../support/gitea/git-client';

let gitea: Gitea;
let git: GitClient;
let token: string;
let readerToken: string;
beforeAll(async () => {
  gitea = sharedGitea();
  await gitea.createOrganization('pushes');
  for (const name of ['windlass-bot', 'reader']) await gitea.createUser(name);
  await gitea.createRepository('pushes/apps', { writers: ['windlass-bot'] });
  await gitea.createRepository('pushes/archived', { writers: ['windlass-bot'] });
  await gitea.request('PATCH', 'repos/pushes/archived', { archived: true });
  await gitea.request('PUT', 'repos/pushes/apps/collaborators/reader', { permission: 'read' });
  const protect = (rule: object) => gitea.request('POST', 'repos/pushes/apps/branch_protections', rule);
  await protect({ rule_name: 'protected' });
  await protect({ rule_name: 'signed', enable_push: true, require_signed_commits: true });
  await protect({ rule_name: 'files', enable_push: true, protected_file_patterns: '*.lock' });
  await protect({ rule_name: 'straight', enable_push: true });
  token = await gitea.createToken('windlass-bot', ['write:repository']);
  readerToken = await gitea.createToken('reader', ['write:repository']);
  git = await gitClient();
}, 120_000);
afterAll(() => git.close());

const urlOf = (path: string, password: string): string => {
  const { basic } = provider.gitAccess({ token: password });
  return `http://${basic?.username}:${basic?.password}@127.0.0.1:${gitea.port}/${path}`;
};
const codeOf = (printed: string): FailureCode | undefined => {
  const { serverRefusals } = provider;
  const attempt = {
    operation: 'push',
    host: 'git.example.com',
    branch: 'promotion',
    serverRefusals,
  } as const;
  return classifyGitFailure(printed, attempt)?.code;
};
const pushTo = async (branch: string, to = 'pushes/apps.git', password = token): Promise<string> => {
  await git.commit('app.lock', String(Math.random()));
  return git.run('push', '--porcelain', urlOf(to, password), `+HEAD:refs/heads/${branch}`);
};

it.each(['pushes/apps', 'pushes/apps.git'])('takes pushes and serves clones at %s', async (path) => {
  expect(await pushTo('promotion', path)).toContain('Done');
  expect(await git.run('ls-remote', urlOf(path, token))).toContain('refs/heads/promotion');
});

it.each([
  ['a protected branch', 'protected', 'branch-protected'],
  // 1.26.0 means to name the unverified commit, but does not know its own error again.
  ['a fault of its own, which unsigned commits cause', 'signed', 'provider-unavailable'],
  ['protected files', 'files', 'push-rule'],
] as const)('names %s', async (_name, branch, code) => {
  const printed = await pushTo(branch);
  expect([printed, codeOf(printed)]).toEqual([printed, code]);
});

it('names a branch that takes no forced push', async () => {
  await pushTo('straight');
  await git.run('reset', '--quiet', '--hard', 'HEAD~1');
  const printed = await pushTo('straight');
  expect([printed, codeOf(printed)]).toEqual([printed, 'branch-protected']);
});

it.each([
  ['a token that is wrong', 'pushes/apps.git', 'wrong', 'bad-credentials'],
  ['a user who may only read', 'pushes/apps.git', 'reader', 'forbidden'],
  ['a repository that is not there', 'pushes/gone.git', 'bot', 'repository-not-found'],
  ['an archived repository', 'pushes/archived.git', 'bot', 'forbidden'],
] as const)('names %s', async (_name, path, who, code) => {
  const printed = await pushTo(
    'promotion',
    path,
    { wrong: 'no-token', reader: readerToken, bot: token }[who],
  );
  expect([printed, codeOf(printed)]).toEqual([printed, code]);
});
