import { providerModule } from '../../support/api-access';
import { mergePullRequest } from '../../../src/activities/pull-request/merge-pull-request';
import {
  type ChecksState,
  type PullRequestCommit,
  type PullRequestProvider,
} from '../../../src/providers/port';
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
  readonly head?: string;
  readonly commits?: readonly PullRequestCommit[];
  readonly checks?: ChecksState;
  readonly suspended?: boolean;
  /** No Pipeline names the repository. */
  readonly unnamed?: boolean;
}

/** @returns the answer, and the heads at which the provider was asked to merge */
async function merge(found: Found) {
  const merged: string[] = [];
  let isConnected = false;
  const provider: Partial<PullRequestProvider> = {
    changes: () =>
      Promise.resolve({ seen: {}, states: [{ number: 7, state: 'open', head: found.head ?? head }] }),
    commits: () => Promise.resolve(found.commits ?? [ours]),
    checks: () => Promise.resolve(found.checks ?? 'passed'),
    merge: (_, { head: at }) => {
      merged.push(at);
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
        Promise.resolve({ ...samplePipeline, ...(found.suspended === true ? { suspended: true } : {}) }),
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
    isConnected,
  };
}

it('merges the one commit that it made, at that commit', async () => {
  await expect(merge({})).resolves.toMatchObject({ answer: 'merged', merged: [head] });
});

it.each<readonly [string, Found]>([
  ['head-moved', { head: 'b'.repeat(40) }],
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
    isConnected: false,
  });
});
