import { github } from '../../../../src/providers/github';
import { describeGitServer, fetch, push } from '../../../support/git-server-words';

describeGitServer(github, [
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
    'required signatures',
    push,
    'signature-required',
    'remote: error: GH013: Repository rule violations found for refs/heads/x.\nremote: \nremote: - Commits must have verified signatures.\nremote:   Found 1 violation:\n!\ta:refs/heads/x\t[remote rejected] (push declined due to repository rule violations)',
  ],
  [
    'required signatures on a protected branch',
    push,
    'signature-required',
    'remote: error: GH006: Protected branch update failed for refs/heads/x.\nremote: error: Commits must have valid signatures.\n!\ta:refs/heads/x\t[remote rejected] (protected branch hook declined)',
  ],
  [
    "a ruleset on the author's address",
    push,
    'push-rule',
    'remote: error: GH013: Repository rule violations found for refs/heads/x.\nremote: - Author email must end with a given pattern: @example.com\n!\ta:refs/heads/x\t[remote rejected] (push declined due to repository rule violations)',
  ],
  [
    'a private address',
    push,
    'push-rule',
    'remote: error: GH007: Your push would publish a private email address.\n!\ta:refs/heads/x\t[remote rejected] (push declined due to email privacy restrictions)',
  ],
  [
    'a workflow file, in the status of the branch alone',
    push,
    'workflow-scope',
    '!\ta:refs/heads/x\t[remote rejected] (refusing to allow a Personal Access Token to create or update workflow `.github/workflows/deploy.yml` without `workflow` scope)',
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
]);
