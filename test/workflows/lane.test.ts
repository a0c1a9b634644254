import { ApplicationFailure } from '@temporalio/activity';
import { type WorkflowHandle } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { type Resolution } from '../../src/activities/promotion-activities';
import { type DeploymentEvent } from '../../src/domain/event';
import { type LaneState } from '../../src/domain/lane/lane-state';
import { laneId } from '../../src/workflows/contract/ids';
import { type PromotionOutcome, type PromotionTask } from '../../src/domain/promotion/promotion';
import {
  drainSignal,
  laneStateQuery,
  promoteUpdate,
  retrySignal,
} from '../../src/workflows/contract/messages';
import { stateAttribute } from '../../src/workflows/contract/search-attributes';
import { deployment, noon, pipelineRef } from '../support/events';
import { eventually } from '../support/eventually';
import { isResting, standingsOf } from '../support/lane-standings';
import { shuffled } from '../support/shuffled';
import {
  type Activities,
  createWorkflowEnvironment,
  stagingLane,
  type WorkflowEnvironment,
} from '../support/workflow-environment';

const ready: Resolution = {
  status: 'ready',
  strategy: 'pull-request',
  manual: false,
  application: 'shop',
  retry: { delayMs: 10, maxDelayMs: 40, threshold: 2 },
};
const manual: Resolution = { ...ready, manual: true };

const opened = (version: string): PromotionOutcome & { state: 'pull-request' } => ({
  state: 'pull-request',
  url: `https://git.example/pull/${version}`,
  number: 1,
  change: 'created',
  previous: '1.0.0',
});

/** A forge in memory: remembers which version the one pull request holds. */
function recorder(resolution: Resolution = ready): Partial<Activities> & { readonly versions: string[] } {
  const versions: string[] = [];
  return {
    versions,
    resolvePromotion: () => Promise.resolve(resolution),
    openPullRequest(task: PromotionTask) {
      versions.push(task.version);
      return Promise.resolve(opened(task.version));
    },
    withdrawPullRequest(task: PromotionTask) {
      versions.push(`withdrawn ${task.version}`);
      return Promise.resolve({});
    },
  };
}

const upgrade = (release: number, overrides: Partial<DeploymentEvent> = {}): DeploymentEvent =>
  deployment({ version: `1.${release}.0`, release, at: noon + release * 1000, ...overrides });

let environment: WorkflowEnvironment;
let lane: WorkflowHandle;

beforeEach(async () => {
  environment = await createWorkflowEnvironment();
  lane = environment.client.workflow.getHandle(stagingLane);
});
afterEach(() => environment.close());

const state = (): Promise<LaneState> => lane.query(laneStateQuery);

/** Waits until the lane has nothing to do by itself, and its newest promotion is of `version`; open ones are outcomes. */
const settled = (version: string, limitMs?: number): Promise<LaneState> =>
  eventually(async () => {
    const now = await state();
    const outcomes = standingsOf(now);
    expect([isResting(now), outcomes[0]?.version]).toEqual([true, version]);
    return { ...now, outcomes };
  }, limitMs);

const promotionOf = (event: DeploymentEvent): WorkflowHandle =>
  environment.client.workflow.getHandle(environment.promotionIdOf(event));

const shows = (event: DeploymentEvent, wanted: string): Promise<boolean> =>
  eventually(async () => {
    const description = await promotionOf(event).describe();
    return description.typedSearchAttributes.get(stateAttribute) === wanted;
  });

it('promotes an event that came in while no worker ran', async () => {
  const forge = recorder();
  await environment.report(upgrade(1));
  await environment.withWorker(forge, () => settled('1.1.0'));
  expect(forge.versions).toEqual(['1.1.0']);
});

it('promotes an event that is delivered several times once', async () => {
  const forge = recorder();
  await environment.withWorker(forge, async () => {
    await Promise.all([1, 2, 3, 4].map(() => environment.report(upgrade(1))));
    await settled('1.1.0');
    await environment.report(upgrade(1));
    await environment.report(upgrade(2));
    await settled('1.2.0');
  });
  expect(forge.versions).toEqual(['1.1.0', '1.2.0']);
});

it('ends a storm of 500 events in random order at the newest version', async () => {
  const forge = recorder();
  const storm = shuffled(Array.from({ length: 500 }, (_, i) => upgrade(i + 1)));
  await environment.withWorker(forge, async () => {
    for (let i = 0; i < storm.length; i += 50) {
      await Promise.all(storm.slice(i, i + 50).map((event) => environment.report(event)));
    }
    await settled('1.500.0', 40_000);
  });
  expect(forge.versions.at(-1)).toBe('1.500.0');
});

it('goes on after a failed promotion, and runs it again when asked', async () => {
  const forge = recorder();
  let broken = true;
  const openPullRequest: Activities['openPullRequest'] = (task) => {
    if (broken)
      return Promise.reject(ApplicationFailure.create({ type: 'no-marker', message: 'No marker.' }));
    forge.versions.push(task.version);
    return Promise.resolve(opened(task.version));
  };
  await environment.withWorker({ ...forge, openPullRequest }, async () => {
    await environment.report(upgrade(1));
    expect((await settled('1.1.0')).outcomes[0]).toMatchObject({
      state: 'failed',
      code: 'no-marker',
      detail: 'No marker.',
    });
    broken = false;
    await lane.signal(retrySignal);
    await shows(upgrade(1), 'pull-request');
  });
  expect(forge.versions).toEqual(['1.1.0']);
});

it('withdraws a version that its target rolled back', async () => {
  const forge = recorder();
  await environment.withWorker(forge, async () => {
    await environment.report(upgrade(2));
    await settled('1.2.0');
    await environment.report(
      deployment({ version: '1.1.0', kind: 'rolled-back', at: noon + 10_000, identity: 'r'.repeat(64) }),
    );
    await eventually(async () => (await state()).outcomes[0]?.state === 'withdrawn');
  });
  expect(forge.versions).toEqual(['1.2.0', 'withdrawn 1.2.0']);
});

it('lets a newer version supersede one that waits for approval', async () => {
  await environment.withWorker(recorder(manual), async () => {
    await environment.report(upgrade(1));
    await shows(upgrade(1), 'waiting-for-approval');
    await environment.report(upgrade(2));
    await shows(upgrade(2), 'waiting-for-approval');
    await expect(promotionOf(upgrade(1)).result()).resolves.toEqual({ state: 'superseded', by: '1.2.0' });
    await promotionOf(upgrade(2)).executeUpdate(promoteUpdate, { args: [{ version: '1.2.0' }] });
    await settled('1.2.0');
  });
});

it('tells promotions that are only just being started that a newer version is there', async () => {
  const targets = Array.from({ length: 10 }, (_, index) => `staging-${index}`);
  await environment.withWorker(recorder(manual), async () => {
    const reportAll = async (to: string) => {
      for (let release = 1; release <= 8; release++) await environment.report(upgrade(release), to);
    };
    await Promise.all(targets.map(reportAll));
    for (const to of targets) {
      const handle = environment.client.workflow.getHandle(laneId(pipelineRef, to));
      await eventually(async () => {
        const { inHand, waiting } = await handle.query<LaneState>(laneStateQuery);
        expect([inHand?.version, waiting]).toEqual(['1.8.0', undefined]);
      });
      expect(signalsBeforeStart(await handle.fetchHistory())).toEqual([]);
    }
  });
});

/** Promotions that a lane signalled before Temporal said that they had started. */
function signalsBeforeStart({ events }: temporal.api.history.v1.IHistory): unknown[] {
  const started = new Set<unknown>();
  return (events ?? []).flatMap((event) => {
    const child = event.childWorkflowExecutionStartedEventAttributes?.workflowExecution?.workflowId;
    if (child) started.add(child);
    const told = event.signalExternalWorkflowExecutionInitiatedEventAttributes?.workflowExecution?.workflowId;
    return told && !started.has(told) ? [told] : [];
  });
}

describe('an operator who', () => {
  it('cancels the lane changes nothing', async () => {
    const forge = recorder();
    await environment.withWorker(forge, async () => {
      await environment.report(upgrade(1));
      await settled('1.1.0');
      await lane.cancel();
      await environment.report(upgrade(2));
      await settled('1.2.0');
    });
    expect(forge.versions).toEqual(['1.1.0', '1.2.0']);
  });

  it('drains the lane ends it, after what is in hand', async () => {
    const forge = recorder();
    await environment.withWorker(forge, async () => {
      await environment.report(upgrade(1));
      await lane.signal(drainSignal);
      await lane.result();
    });
    expect(forge.versions).toEqual(['1.1.0']);
  });

  it('cancels a promotion sees the lane go on', async () => {
    await environment.withWorker(recorder(manual), async () => {
      await environment.report(upgrade(1));
      await shows(upgrade(1), 'waiting-for-approval');
      await promotionOf(upgrade(1)).cancel();
      expect((await settled('1.1.0')).outcomes[0]?.state).toBe('cancelled');
    });
  });

  it('terminates a promotion sees the lane go on', async () => {
    await environment.withWorker(recorder(manual), async () => {
      await environment.report(upgrade(1));
      await shows(upgrade(1), 'waiting-for-approval');
      await promotionOf(upgrade(1)).terminate();
      expect((await settled('1.1.0')).outcomes[0]?.state).toBe('cancelled');
    });
  });

  it('terminates the lane sees the next one adopt the promotion that still runs', async () => {
    const forge = recorder(manual);
    await environment.withWorker(forge, async () => {
      await environment.report(upgrade(1));
      await shows(upgrade(1), 'waiting-for-approval');
      await lane.terminate();
      await environment.report(upgrade(1));
      await eventually(async () => (await state()).inHand?.version === '1.1.0');
      await promotionOf(upgrade(1)).executeUpdate(promoteUpdate, { args: [{ version: '1.1.0' }] });
      await settled('1.1.0');
    });
    expect(forge.versions).toEqual(['1.1.0']);
  });

  it('terminates the lane sees its promotion make way for a newer version', async () => {
    const forge = recorder(manual);
    await environment.withWorker(forge, async () => {
      await environment.report(upgrade(1));
      await shows(upgrade(1), 'waiting-for-approval');
      // What the next lane adopts comes from visibility, which learns of a promotion a moment later.
      await eventually(
        async () => (await environment.client.workflow.count("WorkflowType = 'promotion'")).count === 1,
      );
      await lane.terminate();
      await environment.report(upgrade(2));
      await shows(upgrade(2), 'waiting-for-approval');
      await expect(promotionOf(upgrade(1)).result()).resolves.toEqual({ state: 'superseded', by: '1.2.0' });
      await promotionOf(upgrade(2)).terminate();
    });
  });

  it('terminates the lane leaves the workers free, however long the adopted promotion waits', async () => {
    const forge = recorder(manual);
    const withOnePlace = async () => {
      await environment.report(upgrade(1));
      await shows(upgrade(1), 'waiting-for-approval');
      await lane.terminate();
      await environment.report(upgrade(1));
      await eventually(async () => (await state()).inHand?.version === '1.1.0');
      await environment.report(upgrade(1, { environment: 'staging' }), 'prod');
      const other = environment.client.workflow.getHandle(environment.promotionIdOf(upgrade(1), 'prod'));
      await eventually(async () => {
        const { typedSearchAttributes } = await other.describe();
        expect(typedSearchAttributes.get(stateAttribute)).toBe('waiting-for-approval');
      });
    };
    await environment.withWorker(forge, withOnePlace, { concurrentActivities: 1 });
  });

  it('resets the lane gets every version promoted once', async () => {
    const forge = recorder();
    await environment.withWorker(forge, async () => {
      await environment.report(upgrade(1));
      await settled('1.1.0');
      await environment.report(upgrade(2));
      await settled('1.2.0');
      const { runId } = await lane.describe();
      await environment.client.workflowService.resetWorkflowExecution(
        temporal.api.workflowservice.v1.ResetWorkflowExecutionRequest.fromObject({
          namespace: environment.client.options.namespace,
          workflowExecution: { workflowId: stagingLane, runId },
          reason: 'test',
          requestId: runId,
          // The end of the first workflow task: before the lane had heard of anything.
          workflowTaskFinishEventId: 4,
        }),
      );
      await settled('1.2.0');
    });
    expect(forge.versions).toEqual(['1.1.0', '1.2.0']);
  });
});

it('a fault in the code of a promotion fails it, and the lane goes on', async () => {
  const forge = recorder();
  const nonsense = { status: 'ready' } as unknown as Resolution;
  let first = true;
  const resolvePromotion: Activities['resolvePromotion'] = () => {
    const answer = first ? nonsense : ready;
    first = false;
    return Promise.resolve(answer);
  };
  const openPullRequest: Activities['openPullRequest'] = (task) =>
    task.version === '1.1.0'
      ? Promise.reject(ApplicationFailure.create({ type: 'network', message: 'Down.' }))
      : Promise.resolve(opened(task.version));
  await environment.withWorker({ ...forge, resolvePromotion, openPullRequest }, async () => {
    await environment.report(upgrade(1));
    expect((await settled('1.1.0')).outcomes[0]?.state).toBe('failed');
    await environment.report(upgrade(2));
    await settled('1.2.0');
  });
});
