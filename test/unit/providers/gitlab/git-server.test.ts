import { gitlab } from '../../../../src/providers/gitlab';
import { describeGitServer, fetch, push } from '../../../support/git-server-words';

describeGitServer(gitlab, [
  [
    'unsigned commits',
    push,
    'signature-required',
    'remote: GitLab: Commit must be signed with a GPG key\n!\ta:refs/heads/x\t[remote rejected] (pre-receive hook declined)',
  ],
  [
    "a push rule on the author's address",
    push,
    'push-rule',
    "remote: GitLab: Author's email 'bot@example.org' does not follow the pattern '@example\\.com$'\n!\ta:refs/heads/x\t[remote rejected] (pre-receive hook declined)",
  ],
  [
    'a push rule on the message',
    push,
    'push-rule',
    "remote: GitLab: Commit message does not follow the pattern 'JIRA-\\d+'\n!\ta:refs/heads/x\t[remote rejected] (pre-receive hook declined)",
  ],
  [
    'a push rule on the committer',
    push,
    'push-rule',
    "remote: GitLab: You cannot push commits for 'bot@example.com'. You can only push commits if the committer email is one of your own verified emails.\n!\ta:refs/heads/x\t[remote rejected] (pre-receive hook declined)",
  ],
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
]);
