import { bitbucketServer } from '../../../../src/providers/bitbucket-server';
import { describeGitServer, fetch, push } from '../../../support/git-server-words';

describeGitServer(bitbucketServer, [
  [
    'a branch permission',
    push,
    'branch-protected',
    'remote: ----------------------------------------------------\nremote: Branch refs/heads/develop can only be modified through pull requests.\nremote: Check your branch permissions configuration with the project administrator.\n!\ta:refs/heads/develop\t[remote rejected] (pre-receive hook declined)',
  ],
  [
    'the hook Verify Committer',
    push,
    'push-rule',
    'remote: You can only push your own commits in this repository\nremote: Commit f745066d6e14d36f2f858a31137b03f9fb2cd7c4 was committed by Windlass <windlass@example.com>\n!\ta:refs/heads/x\t[remote rejected] (pre-receive hook declined)',
  ],
  [
    'no repository, over https',
    fetch,
    'repository-not-found',
    'fatal: remote error: Repository not found\nThe requested repository does not exist, or you do not have permission to access it.',
  ],
  [
    'no repository, over ssh',
    fetch,
    'repository-not-found',
    'Repository not found\nThe requested repository does not exist, or you do not have permission to access it.\nfatal: Could not read from remote repository.',
  ],
  [
    'a wrong token',
    fetch,
    'bad-credentials',
    "fatal: Authentication failed for 'https://git.example.com/scm/apps/fleet.git/'",
  ],
  [
    'a token that may only read',
    push,
    'forbidden',
    "fatal: unable to access 'https://git.example.com/scm/apps/fleet.git/': The requested URL returned error: 403",
  ],
  [
    'an empty bucket of requests',
    fetch,
    'rate-limited',
    "fatal: unable to access 'https://git.example.com/scm/apps/fleet.git/': The requested URL returned error: 429",
  ],
]);
