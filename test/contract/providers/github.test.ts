import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startForge } from '../../../demo/forge/forge';
import { github } from '../../../src/providers/github';
import { describeProvider } from './contract';

const token = 'ghp_canary4f1c';
const repositories = ['acme/first', 'acme/second'] as const;

describeProvider('github', {
  module: github,
  token,
  repositories,
  start: async () => {
    const directory = await mkdtemp(join(tmpdir(), 'forge-'));
    const forge = await startForge({ directory, token });
    for (const repository of repositories) await forge.createRepository(repository, { 'app.yaml': 'v: 1\n' });
    return {
      url: forge.url,
      createBranch: async (repository, branch) => {
        await forge.commit(repository, branch, { 'app.yaml': `v: 2 # ${branch}\n` }, 'change');
      },
      pullRequests: (repository) =>
        forge.pullRequests(repository).map((record) => ({
          ...record,
          open: record.state === 'open',
          comments: record.comments.map(({ body }) => body),
        })),
      close: async () => {
        await forge.close();
        await rm(directory, { recursive: true, force: true });
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
});
