import { ApplicationFailure } from '@temporalio/activity';
import { type ReadyPromotion, type Resolution } from '../../src/activities/promotion-activities';
import { type DeploymentEvent } from '../../src/domain/event';
import {
  approveUpdate,
  drainSignal,
  gatesClosed,
  laneStateQuery,
  promoteUpdate,
  reconsiderSignal,
  rejectUpdate,
  retrySignal,
  yieldSignal,
} from '../../src/workflows/contract/messages';
import { deployment, noon } from '../support/events';
import { eventually } from '../support/eventually';
import { laneIsIdle, promotionShows } from '../support/promotion-states';
import { type Activities, stagingLane, type WorkflowEnvironment } from '../support/workflow-environment';

/** A course of events whose histories are worth keeping. Leaves one lane and its promotions behind. */
export interface Scenario {
  readonly name: string;
  run(environment: WorkflowEnvironment): Promise<void>;
}

const ready: Resolution = {
  status: 'ready',
  strategy: 'pull-request',
  manual: false,
  application: 'shop',
  retry: { delayMs: 10, maxDelayMs: 40, threshold: 2 },
};
const resolveTo = (resolution: Resolution) => () => Promise.resolve(resolution);

const upgrade = (release: number): DeploymentEvent =>
  deployment({ version: `1.${release}.0`, release, at: noon + release * 1000 });

const opened: Partial<Activities> = {
  resolvePromotion: resolveTo(ready),
  openPullRequest: () =>
    Promise.resolve({
      state: 'pull-request',
      url: 'https://git.example/pull/1',
      number: 1,
      change: 'created',
      previous: '1.0.0',
    }),
  withdrawPullRequest: () => Promise.resolve({ url: 'https://git.example/pull/1' }),
  notify: () => Promise.resolve(),
};

const failure = (type: string): ApplicationFailure =>
  ApplicationFailure.create({
    type,
    message: 'It broke.',
    nonRetryable: type === gatesClosed,
    details: type === 'rate-limited' ? [{ retryAfterMs: 20 }] : [],
  });

/** An openPullRequest that fails with each code in turn, then succeeds. */
function failing(...codes: string[]): Partial<Activities> {
  const left = [...codes];
  return {
    ...opened,
    openPullRequest(task) {
      const code = left.shift();
      if (code !== undefined) return Promise.reject(failure(code));
      return opened.openPullRequest?.(task) ?? Promise.reject(failure('internal'));
    },
  };
}

const idle = ({ client }: WorkflowEnvironment, outcomes: number): Promise<unknown> =>
  laneIsIdle(client, stagingLane, outcomes);

const shows = (environment: WorkflowEnvironment, event: DeploymentEvent, state: string): Promise<unknown> =>
  promotionShows(environment.client, environment.promotionIdOf(event), state);

const held = (environment: WorkflowEnvironment, event: DeploymentEvent): Promise<unknown> =>
  shows(environment, event, 'waiting-for-approval');

/** One event after the other, each awaited, with the same activities. */
const inTurn = (
  name: string,
  activities: () => Partial<Activities>,
  ...events: DeploymentEvent[]
): Scenario => ({
  name,
  run: (environment) =>
    environment.withWorker(activities(), async () => {
      for (const [i, event] of events.entries()) {
        await environment.report(event);
        await idle(environment, i + 1);
      }
    }),
});

export const scenarios: readonly Scenario[] = [
  inTurn('two-pull-requests', () => opened, upgrade(1), upgrade(2)),
  inTurn('retries-and-rate-limit', () => failing('network', 'rate-limited'), upgrade(1)),
  inTurn('permanent-failure', () => failing('no-marker'), upgrade(1)),
  inTurn('gave-up', () => failing('network', 'network'), upgrade(1)),
  inTurn(
    'notification',
    () => ({ ...opened, resolvePromotion: resolveTo({ ...ready, strategy: 'notification' }) }),
    upgrade(1),
  ),
  inTurn(
    'pipeline-gone',
    () => ({ ...opened, resolvePromotion: resolveTo({ status: 'ignored', reason: 'Gone.' }) }),
    upgrade(1),
  ),
  inTurn(
    'rolled-back',
    () => opened,
    upgrade(2),
    deployment({ version: '1.1.0', kind: 'rolled-back', at: noon + 9000 }),
  ),
  {
    name: 'failed-then-retried-then-drained',
    run: (environment) =>
      environment.withWorker(failing('no-marker'), async () => {
        const lane = environment.client.workflow.getHandle(stagingLane);
        await environment.report(upgrade(1));
        await idle(environment, 1);
        await lane.signal(retrySignal);
        await idle(environment, 2);
        await lane.signal(drainSignal);
        await lane.result();
      }),
  },
  {
    name: 'approval-superseded-then-approved',
    run: (environment) =>
      environment.withWorker(
        { ...opened, resolvePromotion: resolveTo({ ...ready, manual: true }) },
        async () => {
          await environment.report(upgrade(1));
          await held(environment, upgrade(1));
          await environment.report(upgrade(2));
          await held(environment, upgrade(2));
          await environment.client.workflow
            .getHandle(environment.promotionIdOf(upgrade(2)))
            .executeUpdate(promoteUpdate, { args: [{ version: '1.2.0', by: 'jo' }] });
          await idle(environment, 2);
        },
      ),
  },
  {
    name: 'adopted-by-a-fresh-lane',
    run: (environment) =>
      environment.withWorker(
        { ...opened, resolvePromotion: resolveTo({ ...ready, manual: true }) },
        async () => {
          const { workflow } = environment.client;
          await environment.report(upgrade(1));
          await held(environment, upgrade(1));
          await eventually(async () => (await workflow.count("WorkflowType = 'promotion'")).count === 1);
          await workflow.getHandle(stagingLane).terminate();
          await environment.report(upgrade(1));
          await eventually(async () => {
            const { inHand } = await workflow.getHandle(stagingLane).query(laneStateQuery);
            return inHand?.version === '1.1.0';
          });
          await workflow
            .getHandle(environment.promotionIdOf(upgrade(1)))
            .executeUpdate(promoteUpdate, { args: [{ version: '1.1.0' }] });
          await idle(environment, 1);
        },
      ),
  },
  {
    name: 'suspended-then-approved-and-reported',
    run: (environment) => {
      const resolution = { ...ready, manual: true, reported: true };
      let suspended = true;
      const activities: Partial<Activities> = {
        ...opened,
        resolvePromotion: () => Promise.resolve({ ...resolution, suspended }),
        reportProgress: () => Promise.resolve(),
      };
      return environment.withWorker(activities, async () => {
        const promotion = environment.client.workflow.getHandle(environment.promotionIdOf(upgrade(1)));
        await environment.report(upgrade(1));
        await shows(environment, upgrade(1), 'suspended');
        suspended = false;
        await promotion.signal(reconsiderSignal);
        await held(environment, upgrade(1));
        await promotion.executeUpdate(promoteUpdate, { args: [{ version: '1.1.0' }] });
        await idle(environment, 1);
      });
    },
  },
  {
    name: 'waited-for-a-window-between-attempts',
    run: (environment) => {
      const opensAt = Date.UTC(2100, 0, 4, 8);
      const closed = { open: false, opensAt, closesAt: opensAt + 1, opens: 'Mon 09:00 CET' } as const;
      const retry = { delayMs: 1_500, maxDelayMs: 1_500, threshold: 2 };
      let policies: Pick<ReadyPromotion, 'manual' | 'windows'> = { manual: true, windows: closed };
      let reports = 0;
      const activities: Partial<Activities> = {
        ...failing('network', gatesClosed),
        resolvePromotion: () => Promise.resolve({ ...ready, retry, ...policies, reported: true }),
        reportProgress: () => {
          reports += 1;
          return Promise.resolve();
        },
      };
      return environment.withWorker(activities, async () => {
        const promotion = environment.client.workflow.getHandle(environment.promotionIdOf(upgrade(1)));
        await environment.report(upgrade(1));
        await held(environment, upgrade(1));
        policies = { manual: true, windows: { ...closed, opensAt: opensAt + 1 } };
        await promotion.signal(reconsiderSignal);
        await eventually(() => reports === 2);
        await promotion.executeUpdate(promoteUpdate, { args: [{ version: '1.1.0' }] });
        await promotion.signal(reconsiderSignal);
        await shows(environment, upgrade(1), 'waiting-for-window');
        policies = { manual: true, windows: { open: true, closesAt: opensAt } };
        await promotion.signal(reconsiderSignal);
        await shows(environment, upgrade(1), 'retrying');
        policies = { manual: true, windows: closed };
        await shows(environment, upgrade(1), 'waiting-for-window');
        policies = { manual: true, windows: { open: true } };
        await promotion.signal(reconsiderSignal);
        await idle(environment, 1);
      });
    },
  },
  {
    name: 'waited-for-soak-time',
    run: (environment) => {
      let soakMs = Date.UTC(2100, 0, 4, 8) - noon;
      let reports = 0;
      const activities: Partial<Activities> = {
        ...failing('network'),
        resolvePromotion: () => Promise.resolve({ ...ready, soakMs, reported: true }),
        reportProgress: () => {
          reports += 1;
          return Promise.resolve();
        },
      };
      return environment.withWorker(activities, async () => {
        const promotion = environment.client.workflow.getHandle(environment.promotionIdOf(upgrade(1)));
        await environment.report(upgrade(1));
        await shows(environment, upgrade(1), 'waiting-for-soak');
        soakMs += 1;
        await promotion.signal(reconsiderSignal);
        await eventually(() => reports === 2);
        soakMs = 60_000;
        await promotion.signal(reconsiderSignal);
        await idle(environment, 1);
      });
    },
  },
  {
    name: 'approved-by-two-then-rejected',
    run: (environment) => {
      const approvals = { required: 2, users: ['alice', 'bob'], expiresAfterMs: 86_400_000 };
      const fault = [failure('network')];
      const activities: Partial<Activities> = {
        ...opened,
        resolvePromotion: resolveTo({ ...ready, manual: true, approvals, reported: true }),
        openPullRequest: (task) => {
          const next = fault.shift();
          return next === undefined ? opened.openPullRequest!(task) : Promise.reject(next);
        },
        reportProgress: () => Promise.resolve(),
      };
      return environment.withWorker(activities, async () => {
        const promotionOf = (event: DeploymentEvent) =>
          environment.client.workflow.getHandle(environment.promotionIdOf(event));
        const approve = (event: DeploymentEvent, by: string): Promise<unknown> =>
          promotionOf(event).executeUpdate(approveUpdate, { args: [{ version: event.version, by }] });
        await environment.report(upgrade(1));
        await held(environment, upgrade(1));
        await approve(upgrade(1), 'alice');
        await approve(upgrade(1), 'alice');
        await approve(upgrade(1), 'bob');
        await promotionOf(upgrade(1)).executeUpdate(promoteUpdate, { args: [{ version: '1.1.0' }] });
        await idle(environment, 1);
        await environment.report(upgrade(2));
        await held(environment, upgrade(2));
        await approve(upgrade(2), 'alice');
        await promotionOf(upgrade(2)).signal(yieldSignal);
        await eventually(async () => {
          const { inHand } = await environment.client.workflow.getHandle(stagingLane).query(laneStateQuery);
          return inHand?.approvals?.length === 1;
        });
        await held(environment, upgrade(2));
        await promotionOf(upgrade(2)).executeUpdate(rejectUpdate, {
          args: [{ version: '1.2.0', by: 'bob', comment: 'No.' }],
        });
        await idle(environment, 2);
      });
    },
  },
];
