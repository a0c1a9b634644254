/** What the services' Git servers were seen to make git print. */
import { type FailureCode } from '../../../src/domain/errors';
import { classifyGitFailure, type GitAttempt } from '../../../src/git/transport/failure-classification';
import { github } from '../../../src/providers/github';
import { gitlab } from '../../../src/providers/gitlab';

type Operation = Omit<GitAttempt, 'serverRefusals'>;
type Said = readonly [name: string, attempt: Operation, code: FailureCode, output: string];

const push: Operation = { operation: 'push', host: 'git.example.com', branch: 'promotion-ns-app-staging' };
const fetch: Operation = { operation: 'fetch', host: 'git.example.com', branch: 'main' };

const githubSays: readonly Said[] = [
  [
    'rate limit',
    fetch,
    'rate-limited',
    'remote: This request was rate-limited due to too many requests. Reduce the frequency of your requests or try again later.',
  ],
  [
    'protected branch',
    push,
    'branch-protected',
    'remote: error: GH006: Protected branch update failed for refs/heads/x.\nremote: error: Cannot force-push to this branch\n!\ta:refs/heads/x\t[remote rejected] (protected branch hook declined)',
  ],
  [
    'ruleset',
    push,
    'branch-protected',
    'remote: error: GH013: Repository rule violations found for refs/heads/x.\nremote: - Cannot create ref due to creations being restricted.\n!\ta:refs/heads/x\t[remote rejected] (push declined due to repository rule violations)',
  ],
  [
    'wrong token',
    fetch,
    'bad-credentials',
    "remote: Invalid username or token. Password authentication is not supported for Git operations.\nfatal: Authentication failed for 'https://git.example.com/o/r.git/'",
  ],
  [
    'no repository',
    fetch,
    'repository-not-found',
    "remote: Repository not found.\nfatal: repository 'https://git.example.com/o/r.git/' not found",
  ],
  [
    'no repository over ssh',
    fetch,
    'repository-not-found',
    'ERROR: Repository not found.\nfatal: Could not read from remote repository.',
  ],
  [
    'read-only token',
    push,
    'forbidden',
    "remote: Permission to o/r.git denied to bot.\nfatal: unable to access 'https://git.example.com/o/r.git/': The requested URL returned error: 403",
  ],
  [
    'fine-grained token',
    push,
    'forbidden',
    "remote: Write access to repository not granted.\nfatal: unable to access 'x': The requested URL returned error: 403",
  ],
  [
    'read-only deploy key',
    push,
    'forbidden',
    'ERROR: The key you are authenticating with has been marked as read only.\nfatal: Could not read from remote repository.',
  ],
];

const gitlabSays: readonly Said[] = [
  [
    'rate limit over ssh',
    fetch,
    'rate-limited',
    'remote: ERROR: This endpoint has been requested too many times. Try again later.\nfatal: Could not read from remote repository.',
  ],
  [
    'protected branch that nobody may create',
    push,
    'branch-protected',
    'remote: GitLab: You are not allowed to create protected branches on this project.\n!\ta:refs/heads/x\t[remote rejected] (pre-receive hook declined)',
  ],
  [
    'concurrent push',
    push,
    'lease-lost',
    '!\tabc:refs/heads/x\t[remote rejected] (incorrect old value provided)\nerror: failed to push some refs',
  ],
  [
    'protected branch',
    push,
    'branch-protected',
    'remote: GitLab: You are not allowed to push code to protected branches on this project.\n!\ta:refs/heads/x\t[remote rejected] (pre-receive hook declined)',
  ],
  [
    'wrong token',
    fetch,
    'bad-credentials',
    "remote: HTTP Basic: Access denied. The provided password or token is incorrect or your account has 2FA enabled and you must use a personal access token instead of a password.\nfatal: Authentication failed for 'https://git.example.com/g/p.git/'",
  ],
  [
    'no project',
    fetch,
    'repository-not-found',
    "remote: The project you were looking for could not be found or you don't have permission to view it.\nfatal: repository 'https://git.example.com/g/p.git/' not found",
  ],
  [
    'reporter',
    push,
    'forbidden',
    "remote: You are not allowed to push code to this project.\nfatal: unable to access 'x': The requested URL returned error: 403",
  ],
  [
    'rate limit',
    fetch,
    'rate-limited',
    "fatal: unable to access 'https://git.example.com/g/p.git/': The requested URL returned error: 429",
  ],
];

describe.each([
  [github, githubSays],
  [gitlab, gitlabSays],
])('the Git server of $type', ({ serverRefusals }, said) => {
  test.each(said)('%s', (_name, attempt, code, output) => {
    expect(classifyGitFailure(output, { ...attempt, serverRefusals })).toMatchObject({ code });
  });

  test('has a real sentence in this table for each of its refusals', () => {
    const unsaid = serverRefusals.filter(
      ({ pattern }) => !said.some(([, , , output]) => pattern.test(output)),
    );
    expect(unsaid).toEqual([]);
  });

  test('is told by patterns that keep no state from one text to the next', () => {
    expect(serverRefusals.filter(({ pattern }) => pattern.global || pattern.sticky)).toEqual([]);
  });
});
