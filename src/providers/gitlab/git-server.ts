import { type ServerRefusal } from '../../domain/git-server';

/**
 * What GitLab's Git server says. The first that matches counts: "not allowed to push code to protected branches" is no
 * missing right. https://docs.gitlab.com/topics/git/troubleshooting_git/
 */
export const serverRefusals: readonly ServerRefusal[] = [
  { code: 'rate-limited', pattern: /requested too many times/i },
  {
    code: 'signature-required',
    only: 'push',
    pattern: /commit must be (properly )?signed|unsigned commits? (is|are) not allowed|must be signed with/i,
  },
  {
    // Push rules: https://docs.gitlab.com/user/project/repository/push_rules/
    code: 'push-rule',
    only: 'push',
    pattern:
      /(commit message|author|committer)('s)?\b[^\n]*(does not follow|is not a member|must not|contains the forbidden|is not verified)|you cannot push commits for|can only push commits if the committer|committer name must match|file name [^\n]* was prohibited|(secret|file) [^\n]*blocked by a push rule/i,
  },
  { code: 'branch-protected', only: 'push', pattern: /protected branch/i },
  { code: 'bad-credentials', pattern: /http basic: access denied/i },
  { code: 'repository-not-found', pattern: /could not be found or you don't have permission/i },
  {
    code: 'forbidden',
    pattern: /not allowed to (push|download|upload)|read-only gitlab instance|does not have write access/i,
  },
];
