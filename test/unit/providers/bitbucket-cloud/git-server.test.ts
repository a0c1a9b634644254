import { bitbucketCloud } from '../../../../src/providers/bitbucket-cloud';
import { describeGitServer, fetch, push } from '../../../support/git-server-words';

describeGitServer(bitbucketCloud, [
  [
    'a branch restriction',
    push,
    'branch-protected',
    'remote: Permission denied to update branch main.\n!\ta:refs/heads/x\t[remote rejected] (pre-receive hook declined)',
  ],
  [
    'an app password, since they ended',
    fetch,
    'bad-credentials',
    "remote: CHANGE-3222 - Functionality has been deprecated\nremote: App passwords are deprecated and must be replaced with API tokens.\nremote: https://developer.atlassian.com/cloud/bitbucket/changelog#CHANGE-3222\nfatal: unable to access 'https://bitbucket.org/acme/fleet.git/': The requested URL returned error: 410",
  ],
  [
    'a wrong token',
    fetch,
    'bad-credentials',
    "remote: Invalid credentials\nfatal: Authentication failed for 'https://bitbucket.org/acme/fleet.git/'",
  ],
  [
    'a missing scope',
    push,
    'forbidden',
    "remote: Your credentials lack one or more required privilege scopes.\nfatal: unable to access 'https://bitbucket.org/acme/fleet.git/': The requested URL returned error: 403",
  ],
  [
    'a deployment key, which only reads',
    push,
    'forbidden',
    'repository access denied. access via a deployment key is read-only.\nfatal: Could not read from remote repository.',
  ],
  [
    'a workspace with more users than its plan has',
    push,
    'forbidden',
    "remote: [ALERT] Your push failed because the account 'acme' has exceeded its\nremote: [ALERT] user limit and this repository is restricted to read-only access.\nfatal: unable to access 'https://bitbucket.org/acme/fleet.git/': The requested URL returned error: 402",
  ],
  [
    'no repository',
    fetch,
    'repository-not-found',
    "remote: You may not have access to this repository or it no longer exists in this workspace. If you think this repository exists and you have access, make sure you are authenticated.\nfatal: repository 'https://bitbucket.org/acme/fleet.git/' not found",
  ],
  [
    'no repository over ssh',
    fetch,
    'repository-not-found',
    'repository does not exist.\nfatal: Could not read from remote repository.',
  ],
  [
    'a rate limit',
    fetch,
    'rate-limited',
    "remote: Rate limit for this resource has been exceeded\nfatal: unable to access 'https://bitbucket.org/acme/fleet.git/': The requested URL returned error: 429",
  ],
]);
