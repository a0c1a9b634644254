import { type ServerRefusal } from '../../domain/git-server';

/** What Bitbucket Cloud's Git server says. The first that matches counts. */
export const serverRefusals: readonly ServerRefusal[] = [
  { code: 'rate-limited', pattern: /rate limit for this resource/i },
  {
    // All app passwords ended on 28 July 2026: https://developer.atlassian.com/cloud/bitbucket/changelog/#CHANGE-3222
    code: 'bad-credentials',
    pattern: /app passwords are deprecated|stopped supporting account passwords|invalid credentials/i,
  },
  {
    // A deployment key, a missing scope, and a workspace with more users than its plan has.
    code: 'forbidden',
    pattern:
      /(deployment|access) key (is|has)[^\n]* read[- ]only|lack one or more required privilege scopes|restricted to read-only access/i,
  },
  {
    // https://support.atlassian.com/bitbucket-cloud/kb/unable-to-push-to-repository-pre-receive-hook-declined-error/
    code: 'branch-protected',
    only: 'push',
    pattern: /permission denied to (update|create|delete) branch/i,
  },
  {
    code: 'repository-not-found',
    pattern:
      /may not have access to this repository|either does not exist or you do not have access|(repository does not exist|repository not found)/i,
  },
];
