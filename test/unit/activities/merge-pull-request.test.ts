import { providerModule } from '../../support/api-access';
import { mergePullRequest } from '../../../src/activities/pull-request/merge-pull-request';
import {
  type ChecksState,
  type MergeManner,
  type PullRequestCommit,
  type PullRequestProvider,
} from '../../../src/providers/port';
import { type PromotionBlock, type PullRequestStyle } from '../../../src/domain/pipeline/pipeline';
import { promotionTask } from '../../support/events';
import { samplePipeline } from '../../support/sample-pipeline';

const head = 'a'.repeat(40);
const ours: PullRequestCommit = { id: head, message: 'Promote', people: ['Windlass'] };
const repository = {
  namespace: 'apps',
  secretName: 'git',
  provider: 'github',
  url: 'https://git.example.com/acme/fleet',
} as const;

interface Found {
  readonly state?: 'merged' | 'closed';
  readonly head?: string;
  readonly commits?: readonly PullRequestCommit[];
  readonly checks?: ChecksState;
  readonly suspended?: boolean;
  /** No Pipeline names the repository. */
  readonly unnamed?: boolean;
  /** What the Pipeline says. */
  readonly style?: PullRequestStyle;
}

/** @returns the answer, and the heads at which the provider was asked to merge */
async function merge(found: Found) {
  const merged: string[] = [];
  const manners: MergeManner[] = [];
  let isConnected = false;
  const provider: Partial<PullRequestProvider> = {
    changes: () =>
      Promise.resolve({
        seen: {},
        states: [{ number: 7, state: found.state ?? 'open', head: found.head ?? head, by: 'ada' }],
      }),
    commits: () => Promise.resolve(found.commits ?? [ours]),
    checks: () => Promise.resolve(found.checks ?? 'passed'),
    merge: (_, { head: at, manner }) => {
      merged.push(at);
      manners.push(manner);
      return Promise.resolve({ merged: true });
    },
  };
  const task = promotionTask(2);
  const dependencies = {
    provider: () =>
      providerModule(() => {
        isConnected = true;
        return provider as PullRequestProvider;
      }),
    apiAccess: () => () => Promise.reject(new Error('No request is sent.')),
    store: {
      repositories: () => Promise.resolve(found.unnamed === true ? [] : [repository]),
      pipeline: () =>
        Promise.resolve({
          ...samplePipeline,
          ...(found.suspended === true ? { suspended: true } : {}),
          ...(found.style === undefined ? {} : { promotion: promotionOf(found.style) }),
        }),
      freezes: () => Promise.resolve([]),
      secret: () => Promise.resolve(undefined),
      ready: () => true,
      close: () => Promise.resolve(),
    },
  };
  const opened = { number: 7, head, repository };
  const answer = await mergePullRequest(dependencies, task, opened, new AbortController().signal).catch(
    (error: unknown) => (error as Error).name,
  );
  return {
    answer: typeof answer === 'string' ? answer : ((answer as { because?: string }).because ?? answer.state),
    merged,
    manners,
    isConnected,
  };
}

function promotionOf(style: PullRequestStyle): PromotionBlock {
  const { provider, url, secretName } = repository;
  return {
    manual: false,
    strategy: { kind: 'pull-request', provider, url, baseBranch: 'main', secretName, ...style },
  };
}

it('merges the one commit that it made, at that commit', async () => {
  await expect(merge({})).resolves.toMatchObject({ answer: 'merged', merged: [head] });
});

it('merges as the Pipeline says', async () => {
  const style = { squash: true, deleteBranch: false, labels: ['a'] };
  await expect(merge({ style })).resolves.toMatchObject({ manners: [{ squash: true, deleteBranch: false }] });
});

it.each<readonly [string, Found]>([
  ['head-moved', { head: 'b'.repeat(40) }],
  // By a person, who may have added commits: nothing of it was approved.
  ['head-moved', { state: 'merged', head: 'b'.repeat(40) }],
  ['merged', { state: 'merged' }],
  ['closed', { state: 'closed', head: 'b'.repeat(40) }],
  // With a message as Windlass writes it.
  ['commits-of-others', { commits: [{ ...ours, id: 'b'.repeat(40) }, ours] }],
  ['not-ready', { commits: [] }],
  ['no-checks', { checks: 'none' }],
  ['checks-pending', { checks: 'pending' }],
  ['checks-failed', { checks: 'failed' }],
  ['GatesClosed', { suspended: true }],
])('merges nothing: %s', async (because, found) => {
  await expect(merge(found)).resolves.toMatchObject({ answer: because, merged: [] });
});

it('asks nothing of a repository that no Pipeline names', async () => {
  await expect(merge({ unnamed: true })).resolves.toEqual({
    answer: 'WindlassError',
    merged: [],
    manners: [],
    isConnected: false,
  });
});
