import { gitlab } from '../../../src/providers/gitlab';
import { startFakeGitlab } from '../../support/fake-gitlab';
import { commentedInHtml, type DecorationCase } from './service';

const token = 'glpat-canary-4f1c';
const minuteMs = 60_000;
const repositories = ['group/sub-group/first', 'group/second'] as const;

export const gitlabCase: DecorationCase = {
  module: gitlab,
  token,
  repositories,
  user: 'windlass-bot',
  methods: { create: 'POST', check: 'POST', merge: 'PUT', comment: 'POST' },
  createdAt: (page) => ({
    ...{ iid: 1, title: 'title', description: 'body', state: 'opened', web_url: page },
    ...{ source_branch: 'promotion', target_branch: 'main', source_project_id: 1, target_project_id: 1 },
  }),
  commented: commentedInHtml,
  many: { open: 500, first: 20, unchanged: 1, changed: 3 },
  descriptionLimit: 255,
  decorations: {
    ...{ labels: ['promotion', 'area: shop'], users: ['ada', 'grace'], unknownUser: 'no-one' },
    ...{ team: 'none', unknownTeam: 'no-team', unknownLabel: 'a, b' },
  },
  start: async (open = 0) => {
    const fake = await startFakeGitlab({ token, projects: repositories });
    for (let count = 1; count <= open; count++) {
      const texts = { title: `Promote ${count}`, description: '', targetBranch: 'main' };
      fake.project(repositories[0]).push(`promotion-${count}`);
      const record = fake.project(repositories[0]).open({ ...texts, sourceBranch: `promotion-${count}` });
      record.updatedAt = Date.parse('2026-11-20T12:00:00Z') + count * minuteMs;
    }
    return {
      url: fake.url,
      createBranch: async (repository, branch) => {
        fake.project(repository).push(branch);
        return Promise.resolve();
      },
      pullRequests: (repository) =>
        fake.project(repository).mergeRequests.map((record) => ({
          number: record.iid,
          title: record.title,
          body: record.description,
          head: record.sourceBranch,
          base: record.targetBranch,
          open: record.state === 'opened',
          comments: record.notes.map(({ body }) => body),
        })),
      push: (repository, branch, person) =>
        Promise.resolve(fake.project(repository).push(branch, undefined, person)),
      requireGates: (repository) => {
        fake.project(repository).onlyMergesAfterPipelines = true;
      },
      merge: async (repository, number, person) => {
        const project = fake.project(repository);
        project.end(project.find(number), 'merged', person);
        return Promise.resolve();
      },
      reject: async (repository, number, person) => {
        const project = fake.project(repository);
        project.end(project.find(number), 'closed', person);
        return Promise.resolve();
      },
      remark: async (repository, number, person, body) => {
        const project = fake.project(repository);
        project.note(project.find(number), body, person);
        return Promise.resolve();
      },
      conflict: async (repository, number) => {
        fake.project(repository).find(number).conflicts = 'not-looked-for';
        return Promise.resolve();
      },
      report: (repository, sha, name, state) => {
        const status = state === 'failure' ? 'failed' : state;
        const texts = { description: undefined, targetUrl: undefined, author: 'ci', allowFailure: false };
        fake.project(repository).addStatus({ sha, name, status, ...texts });
      },
      gates: (repository, head) =>
        fake
          .project(repository)
          .statuses.filter(({ sha, name }) => sha === head && name === 'windlass/gates')
          .map(({ status, description, targetUrl }) => ({
            state: status === 'running' ? 'pending' : status,
            description: description ?? '',
            url: targetUrl,
          }))
          .reverse(),
      decorations: (repository, number) => {
        const { labels, reviewers, assignees, title } = fake.project(repository).find(number);
        return { labels, reviewers, assignees, draft: title.startsWith('Draft: ') };
      },
      decorateByHand: (repository, number, { label, reviewer, assignee }) => {
        const record = fake.project(repository).find(number);
        if (label !== undefined) record.labels = [...record.labels, label];
        if (reviewer !== undefined) record.reviewers = [...record.reviewers, reviewer];
        if (assignee !== undefined) record.assignees = [...record.assignees, assignee];
      },
      preferSquash: (repository) => {
        fake.project(repository).squashesByDefault = true;
      },
      branchExists: (repository, branch) => fake.project(repository).branches.has(branch),
      // Of what was merged: GitLab may put a commit of the merge above it.
      parentsOfMain: (repository) => (fake.project(repository).isSquashed ? 1 : 2),
      close: () => fake.close(),
    };
  },
  rateLimits: [
    {
      name: 'Retry-After',
      answer: {
        kind: 'answer',
        status: 429,
        headers: { 'retry-after': '42', 'content-type': 'text/plain' },
        body: 'Retry later\n',
      },
      wait: [42_000, 42_000],
    },
    {
      name: '429 without a hint',
      answer: {
        kind: 'answer',
        status: 429,
        headers: { 'content-type': 'text/plain' },
        body: 'Retry later\n',
      },
      wait: [60_000, 60_000],
    },
  ],
  forbidden: {
    kind: 'answer',
    status: 403,
    body: '{"error":"insufficient_scope","error_description":"The request requires higher privileges than provided by the access token.","scope":"api"}',
  },
};
