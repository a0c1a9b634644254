import { decorateProposal } from '../../../../src/activities/pull-request/decorate-proposal';
import { WindlassError } from '../../../../src/domain/errors';
import { type PullRequestStyle } from '../../../../src/domain/pipeline/pipeline';
import { type PullRequestOpened } from '../../../../src/domain/promotion/promotion';
import { type Decoration, type PullRequestProvider } from '../../../../src/providers/port';
import { providerModule } from '../../../support/api-access';
import { promotionTask } from '../../../support/events';
import { samplePipeline } from '../../../support/sample-pipeline';

const task = promotionTask(2);
const url = 'https://git.example.com/acme/fleet';
const repository = {
  namespace: task.pipeline.namespace,
  secretName: 'git',
  provider: 'github',
  url,
} as const;
const opened: PullRequestOpened = {
  ...{ state: 'pull-request', url: `${url}/pull/7`, number: 7, change: 'created', previous: '1.0.0' },
  repository,
};

/** @returns the result, what the provider was asked for, and what was logged */
async function decorate(
  style: PullRequestStyle,
  answer: () => Promise<readonly string[]> = () => Promise.resolve([]),
  of: PullRequestOpened = opened,
) {
  const asked: Decoration[] = [];
  const logged: string[] = [];
  const provider: Partial<PullRequestProvider> = {
    decorate: (_, decoration) => {
      asked.push(decoration);
      return answer();
    },
  };
  const strategy = { kind: 'pull-request', ...{ provider: 'github', url, baseBranch: 'main' } } as const;
  const result = await decorateProposal(
    {
      provider: () => providerModule(() => provider as PullRequestProvider),
      apiAccess: () => () => Promise.reject(new Error('No request is sent.')),
      store: {
        pipeline: () =>
          Promise.resolve({
            ...samplePipeline,
            promotion: { manual: false, strategy: { ...strategy, secretName: 'git', ...style } },
          }),
      },
      log: { warn: (_: unknown, message: string) => logged.push(message) },
    } as unknown as Parameters<typeof decorateProposal>[0],
    task,
    of,
    new AbortController().signal,
  );
  return { result, asked, logged };
}

it('asks for nothing where the Pipeline wants nothing', async () => {
  const style = { labels: [], reviewers: { users: [], teams: [] }, squash: true };
  expect(await decorate(style)).toEqual({ result: opened, asked: [], logged: [] });
});

it('asks for each name once', async () => {
  const { asked } = await decorate({ labels: ['a', 'b', 'a'], assignees: ['ada'] });
  expect(asked).toEqual([{ labels: ['a', 'b'], reviewers: { users: [], teams: [] }, assignees: ['ada'] }]);
});

it('adds what was missing to the warnings of the outcome, and logs it', async () => {
  const sentence = 'The user ada does not exist.';
  const { result, logged } = await decorate({ assignees: ['ada'] }, () => Promise.resolve([sentence]), {
    ...opened,
    warnings: ['Check the digest.'],
  });
  expect(result.warnings).toEqual(['Check the digest.', sentence]);
  expect(logged).toEqual([sentence]);
});

it('adds no more than ten of them', async () => {
  const many = Array.from({ length: 40 }, (_, index) => `The user ${index} does not exist.`);
  const { result } = await decorate({ labels: ['a'] }, () => Promise.resolve(many));
  expect(result.warnings).toHaveLength(10);
});

it('does not fail a promotion whose pull request is open, where another attempt would not help', async () => {
  const refusal = new WindlassError('forbidden', 'git.example.com answered 403.');
  const { result } = await decorate({ labels: ['a'] }, () => Promise.reject(refusal));
  expect(result.warnings).toEqual([expect.stringMatching(/were not added\. git\.example\.com answered 403/)]);
});

it('asks once more where the service failed, and does not fail the promotion either', async () => {
  const failure = new WindlassError('provider-unavailable', 'git.example.com answered 502.');
  const answers = [Promise.reject<readonly string[]>(failure), Promise.resolve(['There is no label a.'])];
  const again = await decorate({ labels: ['a'] }, () => answers.shift()!);
  expect(again.result.warnings).toEqual(['There is no label a.']);
  const { result } = await decorate({ labels: ['a'] }, () => Promise.reject(failure));
  expect(result.warnings).toEqual([expect.stringMatching(/were not added\. git\.example\.com answered 502/)]);
});

it('waits where the service asks to wait', async () => {
  const failure = new WindlassError('rate-limited', 'git.example.com answered 429.');
  await expect(decorate({ labels: ['a'] }, () => Promise.reject(failure))).rejects.toBe(failure);
});

it('does nothing to a pull request of another repository than the Pipeline names by now', async () => {
  const elsewhere = { ...opened, repository: { ...repository, url: 'https://git.example.com/acme/old' } };
  expect((await decorate({ labels: ['a'] }, undefined, elsewhere)).asked).toEqual([]);
});
