import { type ServerRefusal } from '../../domain/git-server';

/**
 * What GitLab's Git server says. The first that matches counts: "not allowed to push code to protected branches" is no
 * missing right. https://docs.gitlab.com/topics/git/troubleshooting_git/
 */
export const serverRefusals: readonly ServerRefusal[] = [
  { code: 'rate-limited', pattern: /requested too many times/i },
  { code: 'branch-protected', only: 'push', pattern: /protected branch/i },
  { code: 'bad-credentials', pattern: /http basic: access denied/i },
  { code: 'repository-not-found', pattern: /could not be found or you don't have permission/i },
  {
    code: 'forbidden',
    pattern: /not allowed to (push|download|upload)|read-only gitlab instance|does not have write access/i,
  },
];
