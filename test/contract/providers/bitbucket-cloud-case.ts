import { bitbucketCloud } from '../../../src/providers/bitbucket-cloud';
import { startFakeBitbucketCloud } from '../../support/fake-bitbucket-cloud';
import { type User, userCalled } from '../../support/fake-bitbucket-cloud/model';
import { type DecorationCase } from './service';

const token = 'ATCTT3x-canary-4f1c';
const minuteMs = 60_000;
const repositories = ['acme/first', 'acme/second'] as const;
const [ada, grace] = [userCalled('ada'), userCalled('grace')];
/** In the names that a Pipeline has for them. */
const called = (user: User): string => (user.uuid === ada.uuid ? ada.uuid : user.account_id);
const states = { running: 'INPROGRESS', success: 'SUCCESSFUL', failure: 'FAILED' } as const;

export const bitbucketCloudCase: DecorationCase = {
  module: bitbucketCloud,
  token,
  repositories,
  user: 'windlass-bot',
  methods: { create: 'POST', check: 'POST', merge: 'POST', comment: 'POST' },
  createdAt: (page) => {
    const end = (name: string) => ({ branch: { name }, commit: null, repository: null });
    return {
      ...{ id: 1, title: 'title', description: 'body', state: 'OPEN', links: { html: { href: page } } },
      ...{ source: end('promotion'), destination: end('main'), updated_on: '2026-11-20T12:00:00+00:00' },
    };
  },
  answersWithOpenOne: true,
  commented: (key, body) => `[//]: # (windlass:${encodeURIComponent(key)})\n\n${body}`,
  many: { open: 500, first: 20, unchanged: 1, changed: 4 },
  descriptionLimit: 255,
  decorations: {
    labels: ['', ''],
    users: [ada.uuid, grace.account_id],
    team: '',
    unknownUser: userCalled('nobody').uuid,
    unknownTeam: '',
  },
  start: async (open = 0) => {
    const fake = await startFakeBitbucketCloud({ token, repositories, members: [ada, grace] });
    for (let count = 1; count <= open; count++) {
      const source = `promotion-${count}`;
      fake.repository(repositories[0]).push(source);
      fake.repository(repositories[0]).open({
        ...{ title: `Promote ${count}`, description: '', source, destination: 'main' },
        updatedOn: Date.parse('2026-11-20T12:00:00Z') + count * minuteMs,
      });
    }
    return {
      url: fake.url,
      createBranch: async (repository, branch) => {
        fake.repository(repository).push(branch);
        return Promise.resolve();
      },
      pullRequests: (repository) =>
        fake.repository(repository).pullRequests.map((record) => ({
          ...{ number: record.id, title: record.title, body: record.description },
          ...{ head: record.source, base: record.destination, open: record.state === 'OPEN' },
          comments: record.comments.map(({ raw }) => raw),
        })),
      push: (repository, branch, person) => Promise.resolve(fake.repository(repository).push(branch, person)),
      requireGates: (repository) => {
        fake.repository(repository).restrictions = [
          { kind: 'require_passing_builds_to_merge', branch_match_kind: 'glob', pattern: 'main', value: 1 },
          { kind: 'enforce_merge_checks', branch_match_kind: 'glob', pattern: 'main', value: null },
        ];
      },
      merge: async (repository, number, person) => {
        const found = fake.repository(repository);
        found.merge(found.find(number), 'merge_commit', false, userCalled(person));
        return Promise.resolve();
      },
      reject: async (repository, number, person) => {
        const found = fake.repository(repository);
        found.end(found.find(number), 'DECLINED', userCalled(person));
        return Promise.resolve();
      },
      remark: async (repository, number, person, body) => {
        const found = fake.repository(repository);
        found.comment(found.find(number), body, userCalled(person));
        return Promise.resolve();
      },
      conflict: async (repository, number) => {
        fake.repository(repository).find(number).conflicts = true;
        return Promise.resolve();
      },
      report: (repository, commit, key, state) => {
        // Bitbucket has no such state: what a build skips, it says nothing about.
        if (state === 'skipped') return;
        const texts = { name: key, description: '', url: 'https://ci.example.com/1' };
        fake.repository(repository).setStatus({ commit, key, state: states[state], ...texts });
      },
      gates: (repository, head) =>
        fake
          .repository(repository)
          .statuses.filter(({ commit, key }) => commit === head && key === 'windlass/gates')
          .map(({ state, description, url }) => ({
            state: state === 'INPROGRESS' ? 'pending' : state === 'SUCCESSFUL' ? 'success' : state,
            ...{ description, url },
          })),
      decorations: (repository, number) => {
        const { reviewers, draft } = fake.repository(repository).find(number);
        return { labels: [], reviewers: reviewers.map(called), assignees: [], draft };
      },
      decorateByHand: (repository, number, { reviewer }) => {
        const record = fake.repository(repository).find(number);
        record.reviewers.push(...[ada, grace].filter((user) => called(user) === reviewer));
      },
      preferSquash: (repository) => {
        fake.repository(repository).mergeStrategies = ['squash', 'merge_commit'];
      },
      branchExists: (repository, branch) => fake.repository(repository).branches.has(branch),
      parentsOfMain: (repository) => {
        const { branches, parents } = fake.repository(repository);
        return parents.get(branches.get('main') ?? '') ?? 0;
      },
      close: () => fake.close(),
    };
  },
  rateLimits: [
    {
      name: '429, which says no time',
      answer: {
        kind: 'answer',
        status: 429,
        headers: { 'x-ratelimit-limit': '1000', 'x-ratelimit-resource': 'api-repo' },
        body: '{"type":"error","error":{"message":"Rate limit for this resource has been exceeded"}}',
      },
      wait: [60_000, 60_000],
    },
    {
      name: 'Retry-After',
      answer: { kind: 'answer', status: 429, headers: { 'retry-after': '42' } },
      wait: [42_000, 42_000],
    },
  ],
  forbidden: {
    kind: 'answer',
    status: 403,
    body: '{"type":"error","error":{"message":"Your credentials lack one or more required privilege scopes.","detail":{"granted":["repository"],"required":["pullrequest"]}}}',
  },
};
