import { type ServerRefusal } from '../../domain/git-server';

/** What GitHub's Git server says. The first that matches counts: protected branches come with other words around them. */
export const serverRefusals: readonly ServerRefusal[] = [
  { code: 'rate-limited', pattern: /rate[- ]limit/i },
  {
    // GH006: branch protection; GH013: rulesets.
    code: 'branch-protected',
    only: 'push',
    pattern: /GH006|GH013|protected branch|repository rule violations/i,
  },
  { code: 'bad-credentials', pattern: /invalid username or (token|password)/i },
  { code: 'repository-not-found', pattern: /repository not found/i },
  {
    code: 'forbidden',
    pattern:
      /permission to [^\n]* denied|write access to repository not granted|key [^\n]* marked as read only/i,
  },
];
