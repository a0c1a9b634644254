import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startForge } from '../../../demo/forge/forge';
import { github } from '../../../src/providers/github';
import { runGit } from '../../support/git-repository';
import { heldAgainstDescription } from '../../support/github/described';
import { commentedInHtml, type DecorationCase } from './service';

const token = 'ghp_canary4f1c';
const minuteMs = 60_000;
const repositories = ['acme/first', 'acme/second'] as const;

export const githubCase: DecorationCase = {
  module: github,
  token,
  repositories,
  user: 'windlass-bot',
  methods: { create: 'POST', check: 'POST', merge: 'PUT', comment: 'POST' },
  createdAt: (page) => ({
    ...{ number: 1, title: 'title', body: 'body', state: 'open', html_url: page },
    head: { ref: 'promotion', repo: { full_name: 'acme/first' } },
    base: { ref: 'main', repo: { full_name: 'acme/first' } },
  }),
  commented: commentedInHtml,
  many: { open: 500, first: 20, unchanged: 1, changed: 3 },
  descriptionLimit: 140,
  decorations: {
    labels: ['promotion', 'Needs care'],
    users: ['ada', 'lin'],
    team: 'platform',
    unknownUser: 'no-such-person',
    unknownTeam: 'no-such-team',
  },
  start: async (open = 0) => {
    const directory = await mkdtemp(join(tmpdir(), 'forge-'));
    const fresh = await startForge({ directory, token });
    for (const repository of repositories) await fresh.createRepository(repository, { 'app.yaml': 'v: 1\n' });
    if (open > 0)
      await openMany(directory, await fresh.commit(repositories[0], 'many', { a: 'b' }, 'c'), open);
    await fresh.close();
    const forge = await startForge({ directory, token });
    for (const repository of repositories) {
      const { people } = forge.repository(repository);
      for (const login of githubCase.decorations.users) people.collaborators.add(login);
      people.teams.add(githubCase.decorations.team);
    }
    const described = await heldAgainstDescription(forge.url);
    return {
      url: described.url,
      createBranch: async (repository, branch) => {
        await forge.commit(repository, branch, { 'app.yaml': `v: 2 # ${branch}\n` }, 'change');
      },
      pullRequests: (repository) =>
        forge.pullRequests(repository).map((record) => ({
          ...record,
          open: record.state === 'open',
          comments: record.comments.map(({ body }) => body),
        })),
      push: (repository, branch, person) =>
        forge.commit(repository, branch, { [`${randomUUID()}.yaml`]: 'v: 3\n' }, 'another change', person),
      requireGates: (repository) => {
        forge.repository(repository).requiredChecks.require('main', 'windlass/gates');
      },
      merge: (repository, number, person) => forge.mergePullRequest(repository, number, person),
      reject: (repository, number, person) => forge.closePullRequest(repository, number, person),
      remark: (repository, number, person, body) => forge.comment(repository, number, body, person),
      conflict: async (repository) => {
        await forge.commit(repository, 'main', { 'app.yaml': 'v: 0 # conflicts\n' }, 'conflict');
      },
      report: (repository, head, name, state) => {
        const completed = state !== 'running';
        forge.repository(repository).checks.setRun(head, {
          ...{ name, status: completed ? 'completed' : 'in_progress', conclusion: completed ? state : null },
        });
      },
      gates: (repository, head) =>
        forge
          .repository(repository)
          .checks.allStatuses(head)
          .filter(({ context }) => context === 'windlass/gates')
          .map(({ state, description, targetUrl }) => ({
            ...{ state, description: description ?? '', url: targetUrl ?? undefined },
          })),
      decorations: (repository, number) => {
        const record = forge.pullRequests(repository).find((each) => each.number === number)!;
        return { ...record, reviewers: [...record.reviewers, ...record.teams] };
      },
      decorateByHand: (repository, number, { label, reviewer, assignee }) =>
        forge.repository(repository).decorate(number, (record) => {
          record.labels.push(...[label ?? []].flat());
          record.reviewers.push(...[reviewer ?? []].flat());
          record.assignees.push(...[assignee ?? []].flat());
        }),
      branchExists: async (repository, branch) => (await forge.branches(repository)).has(branch),
      parentsOfMain: (repository) => forge.repository(repository).git.parentCount('refs/heads/main'),
      close: async () => {
        await forge.close();
        await rm(directory, { recursive: true, force: true });
        await described.close();
      },
    };
  },
  rateLimits: [
    {
      name: 'Retry-After in seconds',
      answer: {
        kind: 'answer',
        status: 403,
        headers: { 'retry-after': '42' },
        body: '{"message":"You have exceeded a secondary rate limit."}',
      },
      wait: [42_000, 42_000],
    },
    {
      name: 'the end of the window',
      answer: {
        kind: 'answer',
        status: 403,
        headers: {
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': String(Date.parse('2026-11-23T12:05:00Z') / 1_000),
          date: 'Mon, 23 Nov 2026 12:00:00 GMT',
        },
        body: '{"message":"API rate limit exceeded for user ID 1."}',
      },
      wait: [300_000, 300_000],
    },
    {
      name: 'a secondary limit without a hint',
      answer: {
        kind: 'answer',
        status: 403,
        body: '{"message":"You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}',
      },
      wait: [60_000, 60_000],
    },
    {
      name: '429',
      answer: { kind: 'answer', status: 429, headers: { 'retry-after': '7' } },
      wait: [7_000, 7_000],
    },
  ],
  forbidden: {
    kind: 'answer',
    status: 403,
    headers: { 'x-ratelimit-remaining': '4999' },
    body: '{"message":"Resource not accessible by personal access token","documentation_url":"https://docs.github.com/rest"}',
  },
};

/** Written as the forge stores them: five hundred requests would take as long as all the other tests. */
async function openMany(directory: string, head: string, count: number): Promise<void> {
  const path = join(directory, repositories[0]);
  const base = runGit(`${path}.git`, 'rev-parse', 'refs/heads/main').trim();
  const at = (index: number): string =>
    new Date(Date.parse('2026-11-20T12:00:00Z') + index * minuteMs).toISOString().replace('.000Z', 'Z');
  const records = Array.from({ length: count }, (_, index) => ({
    ...{ number: index + 1, title: `Promote ${index + 1}`, body: '', state: 'open', merged: false },
    ...{ head: `promotion-${index + 1}`, base: 'main', headSha: head, baseSha: base },
    ...{ createdAt: at(index), updatedAt: at(index), comments: [] },
  }));
  const refs = records.map((record) => `${head} refs/heads/${record.head}\n`).join('');
  await writeFile(
    join(`${path}.git`, 'packed-refs'),
    `# pack-refs with: peeled fully-peeled sorted \n${sorted(refs)}`,
  );
  await writeFile(`${path}.pulls.json`, JSON.stringify(records));
}

function sorted(lines: string): string {
  const name = (line: string): string => line.slice(line.indexOf(' ') + 1);
  const all = lines.trimEnd().split('\n');
  return `${all.sort((left, right) => (name(left) < name(right) ? -1 : 1)).join('\n')}\n`;
}
