import { type ServerRefusal } from '../../domain/git-server';

/** What GitHub's Git server says. The first that matches counts: protected branches come with other words around them. */
export const serverRefusals: readonly ServerRefusal[] = [
  { code: 'rate-limited', pattern: /rate[- ]limit/i },
  {
    // Also below GH006 and GH013, which the next ones name.
    code: 'signature-required',
    only: 'push',
    pattern: /commits? must (have|be) ((valid|verified) )?sign(ed|atures?)/i,
  },
  {
    code: 'workflow-scope',
    only: 'push',
    pattern:
      /refusing to allow an? [^\n]* to (create or )?update workflow|without `?workflows?`? (scope|permission)/i,
  },
  {
    // Rules on what a commit says of itself or holds; GH007: an address that is private.
    code: 'push-rule',
    only: 'push',
    pattern:
      /GH007|(commit message|(author|committer)('s)? e-?mail( address)?) must|commit (author|committer) e-?mail|push cannot contain secrets|file (path|extension|size)s? [^\n]*(restricted|prohibited)/i,
  },
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
