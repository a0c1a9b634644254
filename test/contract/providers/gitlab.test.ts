import { gitlab } from '../../../src/providers/gitlab';
import { startFakeGitlab } from '../../support/fake-gitlab';
import { describeProvider } from './contract';

const token = 'glpat-canary-4f1c';
const repositories = ['group/sub-group/first', 'group/second'] as const;

describeProvider('gitlab', {
  module: gitlab,
  token,
  repositories,
  start: async () => {
    const fake = await startFakeGitlab({ token, projects: repositories });
    return {
      url: fake.url,
      createBranch: async (repository, branch) => {
        fake.project(repository).branches.add(branch);
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
          comments: record.notes,
        })),
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
});
