/** The case of the provider `gitea` on the Gitea of the whole run. */
import { gitea } from '../../src/providers/gitea';
import { commentedInHtml, type DecorationCase } from '../contract/providers/service';
import { type Gitea } from '../support/gitea';
import { sharedGitea } from '../support/gitea/shared';
import { giteaService } from '../support/gitea/contract-service';

const others = ['some-person', 'carol', 'dave'];
const labels = ['promotion', 'Needs review'] as const;
const rateLimit = { kind: 'answer', status: 429, headers: { 'content-type': 'text/plain' } } as const;

/**
 * Test files run beside each other, so each has an organization and a bot of its own. Declares what makes them.
 * @param organization that no other file uses
 */
export function giteaCase(organization: string): DecorationCase {
  const repositories = [`${organization}/first`, `${organization}/second`] as const;
  const people = { bot: `${organization}-bot`, others };
  let server: Gitea;
  let token = '';

  beforeAll(async () => {
    server = sharedGitea();
    for (const name of [people.bot, ...others]) await server.createUser(name);
    await server.createOrganization(organization);
    for (const name of labels) {
      await server.request('POST', `orgs/${organization}/labels`, { name, color: '#00aabb' });
    }
    const team = { name: 'reviewers', permission: 'write', units: ['repo.code', 'repo.pulls'] };
    await server.request('POST', `orgs/${organization}/teams`, { ...team, includes_all_repositories: true });
    token = await server.createToken(people.bot, ['write:repository', 'write:issue', 'read:user']);
  }, 120_000);

  return {
    module: gitea,
    get token() {
      return token;
    },
    repositories,
    user: people.bot,
    methods: { create: 'POST', check: 'POST', merge: 'POST', comment: 'POST' },
    createdAt: (page) => {
      const time = '2026-11-20T12:00:00Z';
      const branch = (label: string, sha: string) => ({ label, sha: sha.repeat(40), repo_id: 1 });
      return {
        ...{ number: 1, html_url: page, title: 'title', body: 'body', state: 'open', merged: false },
        ...{ created_at: time, updated_at: time, mergeable: true, merge_base: 'b'.repeat(40) },
        ...{ head: branch('promotion', 'a'), base: branch('main', 'b') },
      };
    },
    commented: commentedInHtml,
    many: { open: 150, first: 4, unchanged: 1, changed: 5 },
    // It says the same of conflicts and of a look for them that is not done yet, so it is asked again.
    conflictRequests: 4,
    descriptionLimit: 1_000,
    timeoutMs: 30_000,
    start: (open = 0) => giteaService(server, repositories, people, open),
    // Gitea has none of its own; proxies in front of it do.
    rateLimits: [
      {
        name: 'Retry-After',
        answer: { ...rateLimit, headers: { ...rateLimit.headers, 'retry-after': '42' } },
        wait: [42_000, 42_000],
      },
      { name: '429 without a hint', answer: rateLimit, wait: [60_000, 60_000] },
    ],
    forbidden: {
      kind: 'answer',
      status: 403,
      body: '{"message":"token does not have at least one of required scope(s), required=[write:repository], token scope=read:repository","url":"https://git.example.com/api/swagger"}',
    },
    decorations: {
      ...{ labels, users: ['carol', 'dave'], team: 'reviewers' },
      ...{ unknownUser: 'no-such-user', unknownTeam: 'no-such-team', unknownLabel: 'no-such-label' },
    },
  };
}
