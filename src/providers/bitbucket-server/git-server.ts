import { type ServerRefusal } from '../../domain/git-server';

/** What Bitbucket's Git server and its own hooks say. */
export const serverRefusals: readonly ServerRefusal[] = [
  {
    // The hook "Verify Committer".
    code: 'push-rule',
    only: 'push',
    pattern: /you can only push your own commits/i,
  },
  {
    code: 'branch-protected',
    only: 'push',
    pattern: /can only be modified through pull requests|check your branch permissions/i,
  },
  {
    code: 'repository-not-found',
    pattern: /the requested repository does not exist, or you do not have permission/i,
  },
];
