import { bitbucketServer } from '../../../src/providers/bitbucket-server';
import { startFakeBitbucketServer } from '../../support/fake-bitbucket-server';
import { type BitbucketRepository, commentsOf, tokenUser } from '../../support/fake-bitbucket-server/model';
import { type DecorationCase, type ServiceDecorations } from './service';

const token = 'BBDC-canary-4f1c';
const repositories = ['projects/APPS/repos/first', 'projects/~ADA/repos/second'] as const;
const users = ['ada', 'grace'] as const;
const team = 'Platform';

export const bitbucketServerCase: DecorationCase = {
  module: bitbucketServer,
  token,
  repositories,
  user: tokenUser,
  methods: { create: 'POST', check: 'POST', merge: 'POST', comment: 'POST' },
  createdAt: (page) => {
    const ref = { latestCommit: 'a'.repeat(40), repository: { slug: 'first', project: { key: 'APPS' } } };
    return {
      ...{ id: 1, version: 0, title: 'title', state: 'OPEN', links: { self: [{ href: page }] } },
      fromRef: { id: 'refs/heads/promotion', ...ref },
      toRef: { id: 'refs/heads/main', ...ref },
    };
  },
  // HTML is shown as text: a definition of a link hides the mark.
  commented: (key, body) => `[//]: # (windlass:${encodeURIComponent(key)})\n\n${body}`,
  // A page of open pull requests has a hundred, and no list is conditional.
  many: { open: 500, first: 5, unchanged: 5, changed: 7 },
  descriptionLimit: 255,
  decorations: {
    ...{ labels: ['staging', 'promotion'], users, team },
    ...{ unknownUser: 'nobody', unknownTeam: 'No Such Group' },
  },
  start: async (open = 0) => {
    const fake = await startFakeBitbucketServer({ token, repositories });
    const many = fake.repository(repositories[0]);
    for (let count = 1; count <= open; count++) {
      many.push(`promotion-${count}`);
      many.open({ title: `Promote ${count}`, description: '', from: `promotion-${count}`, to: 'main' });
    }
    for (const path of repositories) {
      const repository = fake.repository(path);
      for (const user of [...users, 'linus']) repository.users.add(user);
      repository.groups.set(team, ['linus', tokenUser]);
    }
    return {
      url: fake.url,
      createBranch: async (repository, branch) => {
        fake.repository(repository).push(branch);
        return Promise.resolve();
      },
      pullRequests: (repository) =>
        fake.repository(repository).pullRequests.map((record) => ({
          number: record.id,
          title: record.title,
          body: record.description,
          head: record.from,
          base: record.to,
          open: record.state === 'OPEN',
          comments: commentsOf(record).map(({ text }) => text),
        })),
      push: (repository, branch, person) => Promise.resolve(fake.repository(repository).push(branch, person)),
      requireGates: (repository) => {
        const refMatcher = { id: 'refs/heads/main', type: { id: 'BRANCH' } };
        fake.repository(repository).conditions.push({ buildParentKeys: ['windlass/gates'], refMatcher });
      },
      merge: async (path, number, person) => {
        const repository = fake.repository(path);
        repository.end(repository.find(number), 'MERGED', person);
        return Promise.resolve();
      },
      reject: async (path, number, person) => {
        const repository = fake.repository(path);
        repository.end(repository.find(number), 'DECLINED', person);
        return Promise.resolve();
      },
      remark: async (path, number, person, body) => {
        const repository = fake.repository(path);
        repository.comment(repository.find(number), body, person);
        return Promise.resolve();
      },
      conflict: async (repository, number) => {
        fake.repository(repository).find(number).isConflicted = true;
        return Promise.resolve();
      },
      report: (repository, head, key, state) => {
        // Bitbucket has no skipped builds: what is skipped is not reported.
        if (state === 'skipped') return;
        const states = { running: 'INPROGRESS', success: 'SUCCESSFUL', failure: 'FAILED' } as const;
        const build = { key, description: undefined, url: 'https://ci.example.com/1', state: states[state] };
        fake.repository(repository).build(head, build);
      },
      gates: (repository, head) => {
        const gate = fake.repository(repository).builds.get(head)?.get('windlass/gates');
        if (gate === undefined) return [];
        const state = gate.state === 'INPROGRESS' ? 'pending' : gate.state.replace('SUCCESSFUL', 'success');
        return [{ state, description: gate.description ?? '', url: gate.url }];
      },
      decorations: (repository, number) => decorationsOf(fake.repository(repository), number),
      decorateByHand: (repository, number, { reviewer }) => {
        if (reviewer !== undefined) fake.repository(repository).find(number).reviewers.push(reviewer);
      },
      preferSquash: (repository) => {
        fake.repository(repository).strategies = ['squash', 'no-ff'];
      },
      branchExists: (repository, branch) => fake.repository(repository).branches.has(branch),
      parentsOfMain: (repository) => fake.repository(repository).parentsOfMain,
      close: () => fake.close(),
    };
  },
  rateLimits: [
    {
      name: 'Retry-After',
      answer: {
        kind: 'answer',
        status: 429,
        headers: { 'retry-after': '12', 'x-ratelimit-remaining': '0', 'x-ratelimit-fillrate': '5' },
        body: '{"errors":[{"context":null,"message":"You have been rate limited.","exceptionName":null}]}',
      },
      wait: [12_000, 12_000],
    },
    {
      name: 'an empty bucket that is filled each second',
      answer: { kind: 'answer', status: 429, headers: { 'retry-after': '0' } },
      wait: [1_000, 1_000],
    },
    { name: '429 without a hint', answer: { kind: 'answer', status: 429 }, wait: [60_000, 60_000] },
  ],
  forbidden: {
    kind: 'answer',
    status: 401,
    body: '{"errors":[{"context":null,"message":"You are not permitted to access this resource","exceptionName":"com.atlassian.bitbucket.AuthorisationException"}]}',
  },
};

/** A group's members stand for it. Its author reviews no pull request. */
function decorationsOf(repository: BitbucketRepository, number: number): ServiceDecorations {
  const { reviewers, draft } = repository.find(number);
  const whole = [...repository.groups].filter(([, members]) =>
    members.every((member) => member === tokenUser || reviewers.includes(member)),
  );
  const inGroups = new Set(whole.flatMap(([, members]) => members));
  const others = reviewers.filter((name) => !inGroups.has(name));
  return { labels: [], reviewers: [...others, ...whole.map(([name]) => name)], assignees: [], draft };
}
