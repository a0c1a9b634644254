import { azureDevops } from '../../../src/providers/azure-devops';
import { startFakeAzureDevops } from '../../support/fake-azure-devops';
import { guidOf, statusPolicy } from '../../support/fake-azure-devops/model';
import { commentedInHtml, type DecorationCase } from './service';

const token = 'pat-canary-4f1c';
const repositories = ['DefaultCollection/fleet/_git/first', 'DefaultCollection/fleet/_git/second'] as const;
const users = ['ada@example.com', 'grace@example.com'] as const;
const team = 'Release Managers';
const project = '[fleet]\\';

/** A project's repositories are told apart by their ids. */
const isBuild = {
  running: 'pending',
  success: 'succeeded',
  failure: 'failed',
  skipped: 'notApplicable',
} as const;

export const azureDevopsCase: DecorationCase = {
  module: azureDevops,
  token,
  repositories,
  user: 'windlass-bot@example.com',
  methods: { create: 'POST', check: 'POST', merge: 'PATCH', comment: 'POST' },
  commented: commentedInHtml,
  many: { open: 500, first: 1, unchanged: 1, changed: 2 },
  descriptionLimit: 255,
  decorations: {
    ...{ labels: ['promotion', 'fleet'], users, team },
    ...{ unknownUser: 'nobody@example.com', unknownTeam: 'No Such Team' },
  },
  start: async (open = 0) => {
    const identities = [...users, `${project}${team}`];
    const fake = await startFakeAzureDevops({ token, repositories, identities });
    for (let count = 1; count <= open; count++) {
      const source = `promotion-${count}`;
      fake.repository(repositories[0]).push(source);
      fake
        .repository(repositories[0])
        .open({ title: `Promote ${count}`, description: '', source, target: 'main' });
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
          ...{ head: record.source, base: record.target, open: record.status === 'active' },
          comments: record.threads.flatMap(({ comments }) => comments.map(({ content }) => content)),
        })),
      push: (repository, branch, person) => Promise.resolve(fake.repository(repository).push(branch, person)),
      requireGates: (repository) => {
        fake.repository(repository).policies.push({
          ...{ type: statusPolicy, target: 'main', isEnabled: true, isBlocking: true },
          settings: { statusName: 'gates', statusGenre: 'windlass', invalidateOnSourceUpdate: true },
        });
      },
      merge: async (repository, number, person) => {
        fake.repository(repository).end(fake.repository(repository).find(number), 'completed', person);
        return Promise.resolve();
      },
      reject: async (repository, number, person) => {
        fake.repository(repository).end(fake.repository(repository).find(number), 'abandoned', person);
        return Promise.resolve();
      },
      remark: async (repository, number, person, body) => {
        fake.repository(repository).comment(fake.repository(repository).find(number), body, person);
        return Promise.resolve();
      },
      conflict: async (repository, number) => {
        fake.repository(repository).find(number).mergeStatus = 'conflicts';
        return Promise.resolve();
      },
      report: (repository, head, name, state) => {
        fake.repository(repository).report(head, name, isBuild[state]);
      },
      gates: (repository, head) =>
        fake
          .repository(repository)
          .pullRequests.flatMap(({ statuses, iterations }) =>
            statuses.filter(
              ({ name, genre, iterationId = 0 }) =>
                genre === 'windlass' && name === 'gates' && iterations[iterationId - 1] === head,
            ),
          )
          .map(({ state, description, targetUrl }) => ({
            state: state === 'succeeded' ? 'success' : state,
            description: description ?? '',
            url: targetUrl,
          }))
          .reverse(),
      decorations: (repository, number) => {
        const { labels, reviewers, isDraft } = fake.repository(repository).find(number);
        const names = reviewers.map(({ name }) => name.replace(project, ''));
        return { labels, reviewers: names, assignees: [], draft: isDraft };
      },
      decorateByHand: (repository, number, { label, reviewer }) => {
        const { labels, reviewers } = fake.repository(repository).find(number);
        if (label !== undefined) labels.push(label);
        if (reviewer !== undefined) reviewers.push({ name: reviewer, vote: 10 });
      },
      branchExists: (repository, branch) => {
        fake.repository(repository).finishMerges();
        return fake.repository(repository).branches.has(branch);
      },
      parentsOfMain: (repository) => fake.repository(repository).parentsOfMain,
      close: () => fake.close(),
    };
  },
  rateLimits: [
    {
      name: 'Retry-After',
      answer: { kind: 'answer', status: 429, headers: { 'retry-after': '42' } },
      wait: [42_000, 42_000],
    },
    {
      name: 'a blocked request in other words',
      answer: {
        kind: 'answer',
        status: 503,
        headers: { 'retry-after': '7' },
        body: '{"message":"TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource \'Concurrency\' in namespace \'User\'."}',
      },
      wait: [7_000, 7_000],
    },
    { name: '429 without a hint', answer: { kind: 'answer', status: 429 }, wait: [60_000, 60_000] },
  ],
  forbidden: {
    kind: 'answer',
    status: 403,
    body: `{"$id":"1","innerException":null,"message":"TF401027: You need the Git 'GenericRead' permission to perform this action. Details: identity '${guidOf('x')}', scope 'repository'.","typeKey":"GitNeedsPermissionException","errorCode":0,"eventId":3000}`,
  },
};
