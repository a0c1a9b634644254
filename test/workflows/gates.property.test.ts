/**
 * Whatever people, clusters and operators do in whatever order: nothing is proposed or merged that its gates do not allow, no
 * version comes back that people decided against, and everything ends once all gates are open.
 */
import { ApplicationFailure } from '@temporalio/common';
import fc from 'fast-check';
import { type ReadyPromotion } from '../../src/activities/promotion-activities';
import { type LaneState } from '../../src/domain/lane/lane-state';
import { formatPipelineRef } from '../../src/domain/pipeline/pipeline';
import { followPullRequest } from '../../src/temporal/followers';
import { type FollowedRepository } from '../../src/domain/promotion/followed-repository';
import { type PromotionTask, type PullRequestOpened } from '../../src/domain/promotion/promotion';
import { type PullRequestState } from '../../src/domain/promotion/pull-request-state';
import { promotionId } from '../../src/workflows/contract/ids';
import {
  approveUpdate,
  factSignal,
  gatesClosed,
  laneStateQuery,
  pullRequestSignal,
  reconsiderSignal,
  rejectUpdate,
} from '../../src/workflows/contract/messages';
import { deployment, noon, pipelineRef } from '../support/events';
import { eventually } from '../support/eventually';
import {
  type Activities,
  createWorkflowEnvironment,
  stagingLane,
  type WorkflowEnvironment,
} from '../support/workflow-environment';

type Command =
  | {
      readonly do: 'report' | 'reject' | 'close' | 'merge' | 'suspend' | 'freeze' | 'resume' | 'end the lane';
    }
  | { readonly do: 'approve' | 'push'; readonly by: string };

const people = ['alice', 'bob', 'carol'];
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ do: fc.constantFrom('report' as const, 'suspend' as const, 'freeze' as const) }),
  fc.record({ do: fc.constantFrom('resume' as const, 'close' as const, 'merge' as const) }),
  fc.record({ do: fc.constantFrom('reject' as const, 'end the lane' as const) }),
  fc.record({ do: fc.constantFrom('approve' as const, 'push' as const), by: fc.constantFrom(...people) }),
  fc.record({ do: fc.constant('approve' as const), by: fc.constantFrom(...people) }),
);
const course = fc.record({
  stage: fc.constantFrom('proposal' as const, 'merge' as const),
  autoMerge: fc.boolean(),
  commands: fc.array(command, { minLength: 4, maxLength: 14 }),
});

const repository: FollowedRepository = {
  namespace: 'apps',
  secretName: 'git',
  provider: 'github',
  url: 'https://git.example/acme/fleet',
};

interface PullRequest {
  readonly number: number;
  readonly version: string;
  readonly workflowId: string;
  head: string;
  authors: string[];
  state: PullRequestState['state'];
}

/** What is true, apart from what Windlass believes: who approved which commit, what is held, what is closed. */
function world(stage: 'proposal' | 'merge', autoMerge: boolean) {
  const faults: string[] = [];
  const truth = {
    faults,
    suspended: false,
    frozen: false,
    releases: 1,
    heads: 0,
    pullRequests: [] as PullRequest[],
    /** `version head`, or `version` before there is a commit: who approved it. */
    approved: new Map<string, Set<string>>(),
    against: new Set<string>(),
  };
  const open = (): PullRequest | undefined => truth.pullRequests.findLast(({ state }) => state === 'open');
  const approvedBy = (version: string, head = ''): string[] => [
    ...(truth.approved.get(`${version} ${head}`) ?? []),
  ];
  const requireOpen = (): void => {
    if (truth.suspended || truth.frozen) {
      throw ApplicationFailure.create({ type: gatesClosed, message: 'Closed.', nonRetryable: true });
    }
  };
  const resolution = (): ReadyPromotion => ({
    status: 'ready',
    strategy: 'pull-request',
    application: 'shop',
    retry: { delayMs: 5, maxDelayMs: 20, threshold: 3 },
    manual: false,
    approvals: { required: 2 },
    ...(stage === 'merge' ? { stage } : {}),
    ...(autoMerge ? { autoMerge } : {}),
    ...(truth.suspended ? { suspended: true } : {}),
    ...(truth.frozen ? { freezes: [{ name: 'apps/fair', reason: 'The fair.' }] } : {}),
  });
  const activities = (environment: WorkflowEnvironment): Partial<Activities> => ({
    resolvePromotion: () => Promise.resolve(resolution()),
    openPullRequest: (task) => {
      requireOpen();
      const { version } = task;
      if (truth.against.has(version)) faults.push(`proposed ${version}, which people decided against`);
      const workflowId = promotionId(pipelineRef, task.to, version, task.event.identity);
      const before = open();
      if (before?.version === version) return Promise.resolve(opened(before));
      if (stage === 'proposal' && approvedBy(version).length < 2)
        faults.push(`proposed ${version} unapproved`);
      truth.heads += 1;
      const number = before?.number ?? truth.pullRequests.length + 1;
      if (before !== undefined) before.state = 'closed';
      const head = `head-${truth.heads}`;
      const made: PullRequest = { number, version, workflowId, head, authors: [], state: 'open' };
      truth.pullRequests.push(made);
      truth.approved.set(`${version} ${head}`, new Set(approvedBy(version)));
      return Promise.resolve(opened(made));
    },
    followPullRequest: (where, promotion) => followPullRequest(environment.client, where, promotion),
    lookAtPullRequests: () => Promise.resolve({ states: [], seen: {}, abandoned: [] }),
    tellGates: () => Promise.resolve(),
    partFromPullRequest: (_repository, number, { close }) => {
      const parted = truth.pullRequests.findLast((each) => each.number === number);
      if (close && parted?.state === 'open') parted.state = 'closed';
      return Promise.resolve();
    },
    mergePullRequest: ({ version }, { number, head = '' }) => {
      requireOpen();
      const found = truth.pullRequests.findLast((each) => each.number === number);
      if (found?.state !== 'open' || found.head !== head) {
        return Promise.resolve({ state: 'not-merged', because: 'head-moved', words: 'Moved.' });
      }
      if (found.authors.length > 0) {
        return Promise.resolve({ state: 'not-merged', because: 'commits-of-others', words: 'Others.' });
      }
      if (found.version !== version) faults.push(`merged ${found.version} for ${version}`);
      if (approvedBy(version, head).length < 2) faults.push(`merged ${version} at ${head} unapproved`);
      found.state = 'merged';
      return Promise.resolve({ state: 'merged', at: Date.now() });
    },
    withdrawPullRequest: () => Promise.resolve({}),
  });
  return { truth, open, activities };
}

function opened({ number, head }: PullRequest): PullRequestOpened {
  return {
    state: 'pull-request',
    url: `https://git.example/pull/${number}`,
    number,
    change: 'created',
    previous: '1.0.0',
    base: 'main',
    head,
    repository,
  };
}

/** Does what a course says, and in the end opens all gates. */
async function run(
  environment: WorkflowEnvironment,
  {
    stage,
    autoMerge,
    commands,
  }: { stage: 'proposal' | 'merge'; autoMerge: boolean; commands: readonly Command[] },
): Promise<readonly string[]> {
  const { client } = environment;
  const { truth, open, activities } = world(stage, autoMerge);
  const lane = client.workflow.getHandle(stagingLane);
  const state = async (): Promise<LaneState | undefined> => lane.query(laneStateQuery).catch(() => undefined);
  const idOf = ({ to, version, event }: PromotionTask): string =>
    promotionId(pipelineRef, to, version, event.identity);
  const inHand = async () => {
    const task = (await state())?.inHand;
    return task === undefined ? undefined : { task, handle: client.workflow.getHandle(idOf(task)) };
  };
  const tell = async (changed: PullRequest): Promise<void> => {
    const { number, head, authors } = changed;
    await client.workflow
      .getHandle(changed.workflowId)
      .signal(pullRequestSignal, { number, state: changed.state, head, authors })
      .catch(() => undefined);
  };
  const reconsider = async (): Promise<void> => {
    await (await inHand())?.handle.signal(reconsiderSignal).catch(() => undefined);
  };
  const approve = async (by: string): Promise<void> => {
    const now = await inHand();
    if (now === undefined) return;
    const { version } = now.task;
    // What Windlass has not heard of yet, the person who approves cannot have seen.
    const head = open()?.version === version ? open()?.head : undefined;
    const key = `${version} ${head ?? ''}`;
    const people = truth.approved.get(key) ?? new Set();
    const isNew = !people.has(by);
    // Before the answer: the promotion may act on it at once.
    truth.approved.set(key, people.add(by));
    const given = await now.handle
      .executeUpdate(approveUpdate, { args: [{ version, by }] })
      .catch(() => undefined);
    if (given === undefined && isNew) people.delete(by);
  };
  const act = async (what: Command): Promise<void> => {
    const current = open();
    switch (what.do) {
      case 'report': {
        const event = nextEvent();
        await environment.report(event);
        await eventually(async () => (await state())?.recent.includes(event.identity) === true);
        return;
      }
      case 'approve':
        return approve(what.by);
      case 'reject': {
        const now = await inHand();
        const args: [{ version: string; by: string }] = [{ version: now?.task.version ?? '', by: 'dave' }];
        const said = await now?.handle.executeUpdate(rejectUpdate, { args }).catch(() => undefined);
        if (said !== undefined && now !== undefined) truth.against.add(now.task.version);
        return;
      }
      case 'push':
        if (current === undefined) return;
        truth.heads += 1;
        current.head = `head-${truth.heads}`;
        current.authors = [...current.authors, what.by];
        return tell(current);
      case 'close':
      case 'merge':
        if (current === undefined) return;
        current.state = what.do === 'merge' ? 'merged' : 'closed';
        if (what.do === 'close') truth.against.add(current.version);
        return tell(current);
      case 'suspend':
        truth.suspended = true;
        return reconsider();
      case 'freeze':
        truth.frozen = true;
        return reconsider();
      case 'resume':
        truth.suspended = false;
        truth.frozen = false;
        return reconsider();
      case 'end the lane':
        await lane.terminate().catch(() => undefined);
    }
  };
  const nextEvent = () => {
    truth.releases += 1;
    const version = `1.${truth.releases}.0`;
    return deployment({ version, release: truth.releases, at: noon + truth.releases * 1000 });
  };

  await environment.withWorker(activities(environment), async () => {
    for (const each of commands) await act(each);
    await act({ do: 'resume' });
    const last = nextEvent();
    await environment.report(last);
    await eventually(async () => {
      await act({ do: 'resume' });
      await approve('erin');
      await approve('frank');
      const current = open();
      if (current?.version === last.version && current.authors.length === 0) await act({ do: 'merge' });
      const now = await state();
      if (now?.settling?.task.version !== last.version) return false;
      await lane.signal(factSignal, {
        ...{ kind: 'deployed', environment: 'staging', identity: `${last.version} runs`, targets: 1 },
        ...{ version: last.version, reporter: 'staging-1', at: Date.now(), object: 'shop-staging/shop' },
      });
      return true;
    }, 30_000);
    await eventually(async () => {
      const now = await state();
      expect([now?.inHand, now?.waiting, now?.settling]).toEqual([undefined, undefined, undefined]);
    });
  });
  return truth.faults;
}

it(`the gates of ${formatPipelineRef(pipelineRef)} hold in any order of things, and everything ends once they are open`, async () => {
  await fc.assert(
    fc.asyncProperty(course, async (each) => {
      const environment = await createWorkflowEnvironment();
      try {
        expect(await run(environment, each)).toEqual([]);
      } finally {
        await environment.close();
      }
    }),
    { numRuns: 12 },
  );
}, 300_000);
