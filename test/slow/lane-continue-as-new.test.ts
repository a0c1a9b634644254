import { type WorkflowHandle } from '@temporalio/client';
import { type Resolution } from '../../src/activities/promotion-activities';
import {
  type LaneMemo,
  laneStateQuery,
  promoteUpdate,
  recordsQuery,
} from '../../src/workflows/contract/messages';
import { stateAttribute } from '../../src/workflows/contract/search-attributes';
import { type DeploymentEvent } from '../../src/domain/event';
import { deployment, noon } from '../support/events';
import { eventually } from '../support/eventually';
import { shuffled } from '../support/shuffled';
import { createWorkflowEnvironment, stagingLane } from '../support/workflow-environment';

const manual: Resolution = {
  status: 'ready',
  strategy: 'pull-request',
  manual: true,
  application: 'shop',
  retry: { delayMs: 10, maxDelayMs: 40, threshold: 2 },
};

const upgrade = (release: number): DeploymentEvent =>
  deployment({ version: `1.${release}.0`, release, at: noon + release * 1000 });

it('a lane continues as new under load, with a promotion held for approval, and loses nothing', async () => {
  const environment = await createWorkflowEnvironment();
  const lane = environment.client.workflow.getHandle(stagingLane);
  const promotionOf = (event: DeploymentEvent): WorkflowHandle =>
    environment.client.workflow.getHandle(environment.promotionIdOf(event));
  const held = (event: DeploymentEvent): Promise<boolean> =>
    eventually(async () => {
      const { status, typedSearchAttributes } = await promotionOf(event).describe();
      return (
        status.name === 'RUNNING' && typedSearchAttributes.get(stateAttribute) === 'waiting-for-approval'
      );
    }, 60_000);
  const promoted: string[] = [];
  const activities = {
    resolvePromotion: () => Promise.resolve(manual),
    openPullRequest: ({ version }: { version: string }) => {
      promoted.push(version);
      return Promise.resolve({
        state: 'pull-request' as const,
        url: 'https://git.example/pull/1',
        number: 1,
        change: 'created' as const,
        previous: '1.0.0',
      });
    },
  };
  const events = 5_500;
  const newest = upgrade(events);

  await environment.withWorker(activities, async () => {
    await environment.report(upgrade(1));
    await held(upgrade(1));
    const { runId: firstRun } = await lane.describe();
    const storm = shuffled(Array.from({ length: events - 1 }, (_, i) => upgrade(i + 2)));
    for (let i = 0; i < storm.length; i += 100) {
      await Promise.all(storm.slice(i, i + 100).map((event) => environment.report(event)));
    }
    // The newest may be held before the lane has counted its last signals, and is held again in the next run.
    await eventually(async () => (await lane.describe()).runId !== firstRun, 60_000);
    await held(newest);
    // Neither the memo nor anything else of the first run is there by itself.
    await eventually(async () => {
      const { memo } = await lane.describe();
      expect((memo as Partial<LaneMemo> | undefined)?.view?.acting?.version).toBe(newest.version);
    });
    const recorded = await lane.query(recordsQuery);
    expect(recorded.some(({ kind }) => kind === 'superseded')).toBe(true);
    await promotionOf(newest).executeUpdate(promoteUpdate, { args: [{ version: newest.version }] });
    await eventually(async () => {
      const { inHand, proposal } = await lane.query(laneStateQuery);
      expect([inHand?.version, proposal?.number]).toEqual([newest.version, 1]);
    });
  });
  expect(promoted).toEqual([newest.version]);
  await environment.close();
}, 300_000);
