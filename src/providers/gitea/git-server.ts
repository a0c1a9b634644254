import { type ServerRefusal } from '../../domain/git-server';

/**
 * What the Git server of Gitea and Forgejo says, over HTTP and SSH. The first that matches counts.
 * https://github.com/go-gitea/gitea/blob/v1.26.0/routers/private/hook_pre_receive.go
 */
export const serverRefusals: readonly ServerRefusal[] = [
  {
    code: 'signature-required',
    only: 'push',
    pattern: /is protected from unverified commit/i,
  },
  {
    code: 'push-rule',
    only: 'push',
    pattern: /is protected from changing file/i,
  },
  {
    code: 'branch-protected',
    only: 'push',
    pattern: /protected branch|is protected from/i,
  },
  { code: 'provider-unavailable', pattern: /internal server error/i },
  { code: 'repository-not-found', pattern: /cannot find repository|push to create is not enabled/i },
  {
    code: 'forbidden',
    pattern:
      /permission denied for writing|is not authorized to (write|read)|is archived|repository [^\n]* is read-only|account is disabled/i,
  },
];
