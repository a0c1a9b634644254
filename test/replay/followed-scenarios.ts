import { type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { type PullRequestLook } from '../../src/activities/follower-activities';
import { type ReadyPromotion } from '../../src/activities/promotion-activities';
import { type BudgetAsk } from '../../src/domain/budget/budget-message';
import { noPermits } from '../../src/domain/budget/pace';
import { type EnvironmentFact } from '../../src/domain/environment-fact';
import { type DeploymentEvent } from '../../src/domain/event';
import { type LaneAct } from '../../src/domain/lane/lane-act';
import { type FollowedRepository } from '../../src/domain/promotion/followed-repository';
import { createAskBudget } from '../../src/temporal/budgets';
import { followPullRequest } from '../../src/temporal/followers';
import {
  budgetTaskQueue,
  followerId,
  laneWorkflow,
  taskQueue,
  unfollowedTaskQueue,
} from '../../src/workflows/contract/ids';
import {
  actUpdate,
  approveUpdate,
  factSignal,
  laneStateQuery,
  lookSignal,
  overrideUpdate,
  reconsiderSignal,
  reportSignal,
  requestUpdate,
  wakeSignal,
} from '../../src/workflows/contract/messages';
import { alice, keyNumber } from '../support/acting-lane';
import { deployment, noon, pipelineRef } from '../support/events';
import { eventually } from '../support/eventually';
import { laneIsIdle, promotionShows } from '../support/promotion-states';
import { type Activities, stagingLane, type WorkflowEnvironment } from '../support/workflow-environment';
import { type Scenario } from './scenarios';

const ready: ReadyPromotion = {
  status: 'ready',
  strategy: 'pull-request',
  manual: false,
  application: 'shop',
  retry: { delayMs: 10, maxDelayMs: 40, threshold: 2 },
  reported: true,
};
const repository: FollowedRepository = {
  namespace: 'apps',
  secretName: 'git',
  provider: 'github',
  url: 'https://git.example/acme/fleet',
};

const upgrade = (release: number, version = `1.${release}.0`): DeploymentEvent =>
  deployment({ version, release, at: noon + release * 1000 });

const fact = (version: string, kind: EnvironmentFact['kind'], at: number): EnvironmentFact => ({
  kind,
  environment: 'staging',
  identity: `${version} ${kind} ${at}`,
  version,
  reporter: 'uid-s',
  at,
  object: 'staging/shop',
  targets: 1,
});

/** A forge whose pull requests have the numbers of their versions, and a real follower that reads it. */
function forge(environment: WorkflowEnvironment, resolution: ReadyPromotion = ready) {
  const states = new Map<number, PullRequestLook['states'][number]>();
  const activities: Partial<Activities> = {
    resolvePromotion: () => Promise.resolve(resolution),
    openPullRequest: ({ version }) => {
      const number = Number(version.split('.')[1]);
      return Promise.resolve({
        state: 'pull-request',
        url: `https://git.example/pull/${number}`,
        number,
        change: 'created',
        previous: '1.0.0',
        repository,
      });
    },
    notify: () => Promise.resolve(),
    tellGates: () => Promise.resolve(),
    reportProgress: () => Promise.resolve(),
    followPullRequest: (...followed) => followPullRequest(environment.client, ...followed),
    lookAtPullRequests: () =>
      Promise.resolve({ states: [...states.values()], seen: { tag: 'seen' }, abandoned: [] }),
  };
  return {
    activities,
    end: (number: number, state: 'merged' | 'closed'): void => {
      states.set(number, { number, state, head: 'f'.repeat(40), by: 'alice', at: noon + 60_000 });
    },
  };
}

const laneOf = ({ client }: WorkflowEnvironment): WorkflowHandle => client.workflow.getHandle(stagingLane);
const shows = (environment: WorkflowEnvironment, event: DeploymentEvent, state: string): Promise<unknown> =>
  promotionShows(environment.client, environment.promotionIdOf(event), state);
const proposed = (environment: WorkflowEnvironment, number: number): Promise<unknown> =>
  eventually(async () => (await laneOf(environment).query(laneStateQuery)).proposal?.number === number);

const approve = (environment: WorkflowEnvironment, event: DeploymentEvent, by: string) =>
  environment.client.workflow
    .getHandle(environment.promotionIdOf(event))
    .executeUpdate(approveUpdate, { args: [{ version: event.version, by }] });

/** As of pull requests that a current worker opens. */
function withHeads(activities: Partial<Activities>): Partial<Activities> {
  return {
    ...activities,
    openPullRequest: async (...args) => {
      const opened = await activities.openPullRequest?.(...args);
      if (opened?.state !== 'pull-request') throw new Error('The forge opens a pull request.');
      return { ...opened, head: `head of ${opened.number}`, base: 'main', enforced: false };
    },
    partFromPullRequest: () => Promise.resolve(),
    mergePullRequest: () => Promise.resolve({ state: 'merged', at: noon + 60_000 }),
  };
}

/** @param digit of the trace's id */
const traceparent = (digit: string): string => `00-${digit.repeat(32)}-${digit.repeat(16)}-01`;

const rateLimited = ApplicationFailure.create({
  type: 'rate-limited',
  message: 'Not yet.',
  details: [{ retryAfterMs: 1_000 }],
});
const budgetAsk: BudgetAsk = {
  worker: 'worker-a',
  pace: { atOnce: 10, limits: [{ most: 80, perMs: 60_000, read: 0, change: 1 }] },
  report: { spent: noPermits, uncounted: 0 },
  held: noPermits,
};

export const followedScenarios: readonly Scenario[] = [
  {
    name: 'approved-at-the-merge-and-merged-by-windlass',
    run(environment) {
      const { activities } = forge(environment, {
        ...ready,
        stage: 'merge',
        approvals: { required: 2 },
        autoMerge: true,
        expireAfterMs: 86_400_000,
      });
      return environment.withWorker(withHeads(activities), async () => {
        await environment.report(upgrade(1));
        await shows(environment, upgrade(1), 'waiting-for-approval');
        await approve(environment, upgrade(1), 'alice');
        await approve(environment, upgrade(1), 'bob');
        await shows(environment, upgrade(1), 'merged');
        await laneOf(environment).signal(factSignal, fact('1.1.0', 'deployed', noon + 70_000));
        await shows(environment, upgrade(1), 'deployed');
        await laneOf(environment).signal(factSignal, fact('1.0.0', 'rolled-back', noon + 80_000));
        await laneIsIdle(environment.client, stagingLane, 1);
      });
    },
  },
  {
    // The answer to the first attempt is lost, so it may be in the queue; the second finds it there.
    name: 'left-a-merge-queue-and-merged-by-it',
    run(environment) {
      const { activities, end } = forge(environment);
      const resolution = { ...ready, stage: 'merge', autoMerge: true } as const;
      let suspended = false;
      let attempts = 0;
      let departures = 0;
      const queueing: Partial<Activities> = {
        ...withHeads(activities),
        resolvePromotion: () => Promise.resolve({ ...resolution, suspended }),
        mergePullRequest: () => {
          attempts += 1;
          if (attempts === 1) throw ApplicationFailure.nonRetryable('No answer.', 'network');
          return Promise.resolve({ state: 'not-merged', because: 'queued', words: 'It is in the queue.' });
        },
        leaveMergeQueue: () => {
          departures += 1;
          return Promise.resolve();
        },
      };
      return environment.withWorker(queueing, async () => {
        const { workflow } = environment.client;
        const promotion = workflow.getHandle(environment.promotionIdOf(upgrade(1)));
        await environment.report(upgrade(1));
        await eventually(() => attempts === 1);
        suspended = true;
        await promotion.signal(reconsiderSignal);
        await shows(environment, upgrade(1), 'suspended');
        await eventually(() => departures === 1);
        suspended = false;
        await promotion.signal(reconsiderSignal);
        // After half a minute.
        await eventually(() => attempts === 2, 120_000);
        end(1, 'merged');
        await eventually(() => workflow.getHandle(followerId(repository)).signal(lookSignal));
        await shows(environment, upgrade(1), 'merged');
        await laneOf(environment).signal(factSignal, fact('1.1.0', 'deployed', noon + 70_000));
        await laneIsIdle(environment.client, stagingLane, 1);
      });
    },
  },
  {
    name: 'merged-outside-gates-while-another-is-queued',
    run(environment) {
      const { activities, end } = forge(environment, {
        ...ready,
        stage: 'merge',
        approvals: { required: 1 },
      });
      const queued = (release: number): DeploymentEvent => ({ ...upgrade(release), supersede: 'queue' });
      return environment.withWorker(withHeads(activities), async () => {
        await environment.report(queued(1));
        await shows(environment, queued(1), 'waiting-for-approval');
        await environment.report(queued(2));
        await eventually(async () => (await laneOf(environment).query(laneStateQuery)).queue?.length === 1);
        end(1, 'merged');
        const { workflow } = environment.client;
        await eventually(() => workflow.getHandle(followerId(repository)).signal(lookSignal));
        await shows(environment, queued(1), 'merged-outside-gates');
        await shows(environment, queued(2), 'waiting-for-approval');
      });
    },
  },
  {
    name: 'merged-and-deployed-then-closed-and-asked-for',
    run(environment) {
      const { activities, end } = forge(environment);
      return environment.withWorker(activities, async () => {
        const lane = laneOf(environment);
        await environment.report(upgrade(1));
        await proposed(environment, 1);
        end(1, 'merged');
        await lane.signal(factSignal, fact('1.1.0', 'deployed', noon + 70_000));
        await shows(environment, upgrade(1), 'deployed');
        await environment.report(upgrade(2));
        await proposed(environment, 2);
        end(2, 'closed');
        const { workflow } = environment.client;
        await eventually(() => workflow.getHandle(followerId(repository)).signal(lookSignal));
        await shows(environment, upgrade(2), 'closed');
        await eventually(async () => (await lane.query(laneStateQuery)).held?.length === 1);
        await environment.report(upgrade(3, '1.2.0'));
        await eventually(async () => (await lane.query(laneStateQuery)).dropped?.[0]?.reason === 'held');
        await lane.executeUpdate(requestUpdate, { args: [{ version: '1.2.0' }] });
        await proposed(environment, 2);
      });
    },
  },
  {
    name: 'rolled-back-by-a-person-then-cancelled-and-retried',
    run(environment) {
      const { activities, end } = forge(environment);
      const act = (kind: LaneAct['kind'], n: number, version?: string): Promise<unknown> =>
        laneOf(environment).executeUpdate(actUpdate, {
          args: [
            {
              kind,
              ...(version === undefined ? {} : { version }),
              actor: alice,
              at: Date.now(),
              key: keyNumber(n),
              next: 'prod',
            },
          ],
        });
      const idle = (): Promise<unknown> =>
        eventually(async () => (await laneOf(environment).query(laneStateQuery)).inHand === undefined);
      const settles = (version: string): Promise<unknown> =>
        eventually(
          async () => (await laneOf(environment).query(laneStateQuery)).settling?.task.version === version,
        );
      const look = (): Promise<void> =>
        environment.client.workflow.getHandle(followerId(repository)).signal(lookSignal);
      return environment.withWorker(activities, async () => {
        const lane = laneOf(environment);
        await environment.report(upgrade(1));
        await proposed(environment, 1);
        end(1, 'merged');
        await lane.signal(factSignal, fact('1.1.0', 'deployed', noon + 70_000));
        await shows(environment, upgrade(1), 'deployed');
        await environment.report(upgrade(2));
        await proposed(environment, 2);
        end(2, 'merged');
        await eventually(look);
        await settles('1.2.0');
        await act('rollback', 1, '1.1.0');
        // Its pull request has the number of the one that was merged.
        await eventually(look);
        await settles('1.1.0');
        await lane.signal(factSignal, fact('1.1.0', 'deployed', Date.now()));
        await idle();
        await act('promote', 2, '1.3.0');
        await proposed(environment, 3);
        await act('cancel', 3, '1.3.0');
        await idle();
        await act('retry', 4);
        await proposed(environment, 3);
        await act('retry', 4);
      });
    },
  },
  {
    // Each message has the trace of its sender, and people are told of each step.
    name: 'traced-and-told-of-from-approval-to-deployment',
    run(environment) {
      const { activities, end } = forge(environment, {
        ...ready,
        stage: 'merge',
        approvals: { required: 2 },
        notices: 'all',
      });
      const told: string[] = [];
      const telling: Partial<Activities> = {
        ...withHeads(activities),
        sendNotice: ({ kind }) => {
          told.push(kind);
          if (kind === 'overridden') throw ApplicationFailure.nonRetryable('Away.', 'notification-failed');
          return Promise.resolve();
        },
      };
      return environment.withWorker(telling, async () => {
        const { workflow } = environment.client;
        const promotion = workflow.getHandle(environment.promotionIdOf(upgrade(1)));
        await workflow.signalWithStart(laneWorkflow, {
          taskQueue,
          workflowId: stagingLane,
          args: [{ pipeline: pipelineRef, environment: 'staging', followed: true, first: true }],
          signal: reportSignal,
          signalArgs: [upgrade(1), traceparent('a')],
        });
        await shows(environment, upgrade(1), 'waiting-for-approval');
        const tell = (update: string, input: object, sender: string): Promise<unknown> =>
          promotion.executeUpdate(update, { args: [{ version: '1.1.0', ...input }, traceparent(sender)] });
        await tell(approveUpdate.name, { by: 'alice' }, 'b');
        await tell(overrideUpdate.name, { by: 'carol', reason: 'Incident 7', gates: ['soak'] }, 'c');
        end(1, 'merged');
        await eventually(() => workflow.getHandle(followerId(repository)).signal(lookSignal));
        await shows(environment, upgrade(1), 'merged-outside-gates');
        await laneOf(environment).signal(
          factSignal,
          fact('1.1.0', 'deployed', noon + 70_000),
          traceparent('d'),
        );
        await laneIsIdle(environment.client, stagingLane, 1);
        await eventually(() => told.length === 4);
        await laneOf(environment).signal(factSignal, fact('1.0.0', 'deployed', noon + 80_000));
        await eventually(async () => {
          const { outcomes } = await laneOf(environment).query(laneStateQuery);
          return outcomes[0]?.state === 'rolled-back';
        });
        const open = "WorkflowType = 'notice' AND ExecutionStatus = 'Running'";
        await eventually(async () => (await workflow.count(open)).count === 0);
      });
    },
  },
  {
    name: 'taken-over-by-a-fresh-lane',
    run(environment) {
      const { activities, end } = forge(environment);
      return environment.withWorker(activities, async () => {
        await environment.report(upgrade(1));
        await proposed(environment, 1);
        await shows(environment, upgrade(1), 'pull-request');
        await laneOf(environment).terminate();
        await environment.report(upgrade(1));
        await proposed(environment, 1);
        end(1, 'merged');
        await laneOf(environment).signal(factSignal, fact('1.1.0', 'deployed', noon + 70_000));
        await shows(environment, upgrade(1), 'deployed');
        await laneIsIdle(environment.client, stagingLane, 1);
      });
    },
  },
  {
    name: 'notified-then-rolled-back',
    run(environment) {
      const { activities } = forge(environment, { ...ready, strategy: 'notification' });
      return environment.withWorker(activities, async () => {
        await environment.report(upgrade(1));
        await shows(environment, upgrade(1), 'notified');
        const lane = laneOf(environment);
        await eventually(async () => (await lane.query(laneStateQuery)).settling?.stage === 'notified');
        await lane.signal(factSignal, fact('1.0.0', 'rolled-back', noon + 70_000));
        await shows(environment, upgrade(1), 'rolled-back');
        await laneIsIdle(environment.client, stagingLane, 1);
      });
    },
  },
  {
    name: 'tests-failed-then-passed',
    run(environment) {
      const { activities } = forge(environment, { ...ready, promoteOn: 'tested' });
      const tests = (kind: EnvironmentFact['kind'], at: number): EnvironmentFact => ({
        ...fact('1.1.0', kind, at),
        environment: 'dev',
        reporter: 'uid-a',
      });
      return environment.withWorker(activities, async () => {
        const lane = laneOf(environment);
        await environment.report(upgrade(1));
        await shows(environment, upgrade(1), 'waiting-for-tests');
        await lane.signal(factSignal, tests('tests-failed', noon));
        await shows(environment, upgrade(1), 'tests-failed');
        await lane.signal(factSignal, tests('tests-passed', noon + 1));
        await shows(environment, upgrade(1), 'pull-request');
        await proposed(environment, 1);
        await lane.signal(factSignal, tests('tests-failed', noon + 2));
        await shows(environment, upgrade(1), 'tests-failed');
        await lane.signal(factSignal, tests('tests-passed', noon + 3));
        await shows(environment, upgrade(1), 'pull-request');
      });
    },
  },
  {
    name: 'woken-after-an-upgrade',
    run(environment) {
      const { activities } = forge(environment);
      const course = async (): Promise<void> => {
        const lane = laneOf(environment);
        await environment.client.workflow.signalWithStart(laneWorkflow, {
          taskQueue: unfollowedTaskQueue,
          workflowId: lane.workflowId,
          args: [{ pipeline: pipelineRef, environment: 'staging' }],
          signal: reportSignal,
          signalArgs: [upgrade(1)],
        });
        await laneIsIdle(environment.client, stagingLane, 1);
        await lane.signal(wakeSignal);
        await proposed(environment, 1);
      };
      return environment.withWorker(activities, course, { taskQueues: [taskQueue, unfollowedTaskQueue] });
    },
  },
  {
    name: 'looked-at-in-its-turn-within-a-budget',
    run(environment) {
      const { activities, end } = forge(environment);
      let looks = 0;
      const limited: Partial<Activities> = {
        ...activities,
        lookAtPullRequests: (...asked) => {
          looks += 1;
          if (looks === 1) throw rateLimited;
          return activities.lookAtPullRequests?.(...asked) ?? Promise.reject(new Error('No forge.'));
        },
      };
      const course = async (): Promise<void> => {
        const budget = createAskBudget(environment.client);
        const ask = (rest: Partial<BudgetAsk>) =>
          budget({ host: 'git.example', account: 'a1' }, { ...budgetAsk, ...rest });
        const wanted = ['v1', 'v2', 'v3'].map((id) => ({ id, requests: 8, changes: 3 }));
        await ask({ wanted });
        const figures = { limit: 60, remaining: 12, resetInMs: 60_000 };
        const report = { ...budgetAsk.report, spent: { requests: 1, changes: 0 }, figures };
        await ask({ report, wanted });
        await ask({ report: { ...budgetAsk.report, stopMs: 1_000 } });
        await environment.report(upgrade(1));
        await proposed(environment, 1);
        await environment.client.workflow.getHandle(followerId(repository)).signal(lookSignal);
        await eventually(() => looks === 1);
        end(1, 'merged');
        await shows(environment, upgrade(1), 'merged');
      };
      return environment.withWorker(limited, course, { taskQueues: [taskQueue, budgetTaskQueue] });
    },
  },
];
