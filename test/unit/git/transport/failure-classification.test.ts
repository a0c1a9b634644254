import { type FailureCode } from '../../../../src/domain/errors';
import { classifyGitFailure, type GitAttempt } from '../../../../src/git/transport/failure-classification';

const push: GitAttempt = { operation: 'push', host: 'git.example.com', branch: 'promotion-ns-app-staging' };
const fetch: GitAttempt = { operation: 'fetch', host: 'git.example.com', branch: 'main' };

/** What git printed, as the services were seen to make it print. */
const table: readonly [name: string, attempt: GitAttempt, code: FailureCode, output: string][] = [
  [
    'a lease that the local check lost',
    push,
    'lease-lost',
    'To https://git.example.com/team/config.git\n!\tabc:refs/heads/promotion\t[rejected] (stale info)\nDone\nerror: failed to push some refs to',
  ],
  [
    'a lease that the remote check lost',
    push,
    'lease-lost',
    "!\tabc:refs/heads/x\t[remote rejected] (cannot lock ref 'refs/heads/x': is at 1111111111111111111111111111111111111111 but expected 2222222222222222222222222222222222222222)",
  ],
  [
    'GitLab: concurrent push',
    push,
    'lease-lost',
    '!\tabc:refs/heads/x\t[remote rejected] (incorrect old value provided)\nerror: failed to push some refs',
  ],
  [
    'git: branch made meanwhile',
    push,
    'lease-lost',
    '!\ta:refs/heads/x\t[remote rejected] (reference already exists)',
  ],
  [
    'GitHub: protected branch',
    push,
    'branch-protected',
    'remote: error: GH006: Protected branch update failed for refs/heads/x.\nremote: error: Cannot force-push to this branch\n!\ta:refs/heads/x\t[remote rejected] (protected branch hook declined)',
  ],
  [
    'GitHub: ruleset',
    push,
    'branch-protected',
    'remote: error: GH013: Repository rule violations found for refs/heads/x.\nremote: - Cannot create ref due to creations being restricted.\n!\ta:refs/heads/x\t[remote rejected] (push declined due to repository rule violations)',
  ],
  [
    'GitLab: protected branch',
    push,
    'branch-protected',
    'remote: GitLab: You are not allowed to push code to protected branches on this project.\n!\ta:refs/heads/x\t[remote rejected] (pre-receive hook declined)',
  ],
  [
    'Gitea: protected branch',
    push,
    'branch-protected',
    'remote: Gitea: Not allowed to push to protected branch x\n!\ta:refs/heads/x\t[remote rejected] (pre-receive hook declined)',
  ],
  [
    'Bitbucket Cloud: branch restriction',
    push,
    'branch-protected',
    'remote: Permission denied to update branch x.\n!\ta:refs/heads/x\t[remote rejected] (pre-receive hook declined)',
  ],
  [
    'Azure DevOps: branch policy',
    push,
    'branch-protected',
    '!\ta:refs/heads/x\t[remote rejected] (TF402455: Pushes to this branch are not permitted; you must use a pull request to update this branch.)',
  ],
  [
    'GitHub: wrong token',
    fetch,
    'bad-credentials',
    "remote: Invalid username or token. Password authentication is not supported for Git operations.\nfatal: Authentication failed for 'https://git.example.com/o/r.git/'",
  ],
  [
    'git: refused, and nobody to ask',
    fetch,
    'bad-credentials',
    "fatal: could not read Username for 'https://git.example.com': terminal prompts disabled",
  ],
  [
    'GitLab: wrong token',
    fetch,
    'bad-credentials',
    "remote: HTTP Basic: Access denied. The provided password or token is incorrect or your account has 2FA enabled and you must use a personal access token instead of a password.\nfatal: Authentication failed for 'https://git.example.com/g/p.git/'",
  ],
  [
    'ssh: wrong key',
    push,
    'bad-credentials',
    'git@git.example.com: Permission denied (publickey).\r\nfatal: Could not read from remote repository.',
  ],
  [
    'Azure DevOps: wrong token',
    fetch,
    'bad-credentials',
    "remote: TF400813: The user '' is not authorized to access this resource.",
  ],
  [
    'ssh: unknown host key',
    fetch,
    'credentials-missing',
    'Host key verification failed.\r\nfatal: Could not read from remote repository.',
  ],
  [
    'GitHub: no repository',
    fetch,
    'repository-not-found',
    "remote: Repository not found.\nfatal: repository 'https://git.example.com/o/r.git/' not found",
  ],
  [
    'GitHub: no repository over ssh',
    fetch,
    'repository-not-found',
    'ERROR: Repository not found.\nfatal: Could not read from remote repository.',
  ],
  [
    'GitLab: no project',
    fetch,
    'repository-not-found',
    "remote: The project you were looking for could not be found or you don't have permission to view it.\nfatal: repository 'https://git.example.com/g/p.git/' not found",
  ],
  [
    'Azure DevOps: no repository',
    fetch,
    'repository-not-found',
    'remote: TF401019: The Git repository with name or identifier r does not exist or you do not have permissions for the operation you are attempting.',
  ],
  [
    'Bitbucket: no repository over ssh',
    fetch,
    'repository-not-found',
    'The requested repository either does not exist or you do not have access. \nfatal: Could not read from remote repository.',
  ],
  [
    'a web page where a repository should be',
    fetch,
    'repository-not-found',
    'fatal: https://git.example.com/o/r/info/refs not valid: is this a git repository?',
  ],
  [
    'a redirect',
    fetch,
    'repository-not-found',
    "fatal: unable to access 'https://git.example.com/o/r.git/': The requested URL returned error: 301",
  ],
  [
    'GitHub: read-only token',
    push,
    'forbidden',
    "remote: Permission to o/r.git denied to bot.\nfatal: unable to access 'https://git.example.com/o/r.git/': The requested URL returned error: 403",
  ],
  [
    'GitHub: fine-grained token',
    push,
    'forbidden',
    "remote: Write access to repository not granted.\nfatal: unable to access 'x': The requested URL returned error: 403",
  ],
  [
    'GitLab: reporter',
    push,
    'forbidden',
    "remote: You are not allowed to push code to this project.\nfatal: unable to access 'x': The requested URL returned error: 403",
  ],
  [
    'GitHub: read-only deploy key',
    push,
    'forbidden',
    'ERROR: The key you are authenticating with has been marked as read only.\nfatal: Could not read from remote repository.',
  ],
  [
    'Gitea: reader',
    push,
    'forbidden',
    'Gitea: User permission denied for writing.\nfatal: Could not read from remote repository.',
  ],
  [
    'Azure DevOps: no contribute right',
    push,
    'forbidden',
    "remote: TF401027: You need the Git 'GenericContribute' permission to perform this action.",
  ],
  [
    'GitLab: rate limit',
    fetch,
    'rate-limited',
    "fatal: unable to access 'https://git.example.com/g/p.git/': The requested URL returned error: 429",
  ],
  [
    'a gateway without a backend',
    fetch,
    'provider-unavailable',
    "fatal: unable to access 'x': The requested URL returned error: 502",
  ],
  [
    'a fault half-way',
    push,
    'provider-unavailable',
    'error: RPC failed; HTTP 500 curl 22 The requested URL returned error: 500\nfatal: the remote end hung up unexpectedly',
  ],
  [
    'a push too large',
    push,
    'request-refused',
    'error: RPC failed; HTTP 413 curl 22 The requested URL returned error: 413\nfatal: the remote end hung up unexpectedly',
  ],
  ['a branch gone meanwhile', fetch, 'lease-lost', "fatal: couldn't find remote ref refs/heads/main"],
  ['no such name', fetch, 'network', "fatal: unable to access 'x': Could not resolve host: git.example.com"],
  [
    'ssh: no such name',
    fetch,
    'network',
    'ssh: Could not resolve hostname git.example.com: Name or service not known',
  ],
  [
    'nobody listens',
    fetch,
    'network',
    "fatal: unable to access 'x': Failed to connect to git.example.com port 443 after 0 ms: Couldn't connect to server",
  ],
  [
    'an unknown authority',
    fetch,
    'network',
    "fatal: unable to access 'x': server certificate verification failed. CAfile: none CRLfile: none",
  ],
  [
    'an unknown authority, OpenSSL',
    fetch,
    'network',
    "fatal: unable to access 'x': SSL certificate problem: unable to get local issuer certificate",
  ],
  [
    'a connection cut',
    fetch,
    'network',
    'error: RPC failed; curl 18 transfer closed with outstanding read data remaining\nfatal: early EOF',
  ],
  [
    'a connection that never came',
    fetch,
    'network',
    'ssh: connect to host git.example.com port 22: Connection timed out',
  ],
];

describe('what git says', () => {
  test.each(table)('%s', (_name, attempt, code, output) => {
    expect(classifyGitFailure(output, attempt)).toMatchObject({ code });
  });

  test('a hook that declines for reasons of its own is quoted', () => {
    const output =
      'remote: Commits must name a ticket.        \nremote: \n!\ta:refs/heads/x\t[remote rejected] (pre-receive hook declined)';
    expect(classifyGitFailure(output, push)?.sentence).toBe(
      'git.example.com refuses pushes to the branch promotion-ns-app-staging: Commits must name a ticket.',
    );
  });

  test('an untrusted certificate points to ca.crt', () => {
    const output = "fatal: unable to access 'x': SSL certificate problem: self-signed certificate";
    expect(classifyGitFailure(output, fetch)?.sentence).toContain('ca.crt');
  });

  test('names of hosts, branches and repositories decide nothing', () => {
    const host = 'ssl.rate-limit.example.com';
    const output = `fatal: unable to access 'https://${host}/too many requests/GH006.git/': Could not resolve host: ${host}`;
    expect(
      classifyGitFailure(output.replace(/ (?=many|requests)/g, '-'), { ...push, host })?.sentence,
    ).toContain('cannot be resolved');
  });

  test('words that no rule knows are left unclassified', () => {
    expect(classifyGitFailure('fatal: bad object HEAD', fetch)).toBeUndefined();
  });
});
