import { type ServerRefusal } from '../../domain/git-server';

/** What Azure DevOps' Git server says. The first that matches counts. */
export const serverRefusals: readonly ServerRefusal[] = [
  // https://learn.microsoft.com/azure/devops/integrate/concepts/rate-limits
  { code: 'rate-limited', pattern: /TF400733|exceeding usage of resource/i },
  {
    // https://learn.microsoft.com/azure/devops/repos/git/repository-settings: rules on addresses, paths and sizes.
    code: 'push-rule',
    only: 'push',
    pattern: /VS403702|match(es)? the policy-specified patterns|exceeds? the (maximum|limit)[^\n]*size/i,
  },
  { code: 'branch-protected', only: 'push', pattern: /TF402455|you must use a pull request/i },
  { code: 'repository-not-found', pattern: /TF401019|TF200016/i },
  // "You need the Git 'GenericContribute' permission": also ForcePush, CreateBranch and the others.
  { code: 'forbidden', pattern: /TF401027|you need the git '\w+' permission/i },
  { code: 'bad-credentials', pattern: /TF400813|public key authentication failed/i },
];
