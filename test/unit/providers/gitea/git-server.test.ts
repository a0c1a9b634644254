import { gitea } from '../../../../src/providers/gitea';
import { describeGitServer, fetch, push } from '../../../support/git-server-words';

/** As git 2.39 prints what a hook of Gitea 1.26.0 says: with blank lines around it. */
const hook = (words: string): string =>
  `remote: \nremote: error:        \nremote: error: ${words}        \nremote: error:        \n` +
  "error: failed to push some refs to 'https://git.example.com/acme/apps.git'\n" +
  '!\tHEAD:refs/heads/x\t[remote rejected] (pre-receive hook declined)';

describeGitServer(gitea, [
  ['a protected branch', push, 'branch-protected', hook('Not allowed to push to protected branch main')],
  ['a forced push', push, 'branch-protected', hook('branch main is protected from force push')],
  [
    'unsigned commits, of versions that say so',
    push,
    'signature-required',
    hook('branch main is protected from unverified commit 7f0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6a7b8c'),
  ],
  [
    'a fault of its own',
    push,
    'provider-unavailable',
    hook('Internal Server Error (no message for end users)'),
  ],
  ['a protected file', push, 'push-rule', hook('branch main is protected from changing file app.lock')],
  ['a user who may only read', push, 'forbidden', hook('User permission denied for writing.')],
  [
    'an archived repository',
    push,
    'forbidden',
    "remote: This repo is archived. You can view files and clone it, but cannot push or open issues/pull-requests.\nfatal: unable to access 'https://git.example.com/acme/apps.git/': The requested URL returned error: 403",
  ],
  [
    'a wrong token',
    fetch,
    'bad-credentials',
    "remote: Failed to authenticate user\nfatal: Authentication failed for 'https://git.example.com/acme/apps.git/'",
  ],
  [
    'no repository, over HTTP',
    push,
    'repository-not-found',
    "remote: Push to create is not enabled for organizations.\nfatal: unable to access 'https://git.example.com/acme/gone.git/': The requested URL returned error: 403",
  ],
  [
    'no repository, over SSH',
    fetch,
    'repository-not-found',
    'Gitea: Cannot find repository: acme/gone\nfatal: Could not read from remote repository.',
  ],
]);
