import { type WorkflowHandle } from '@temporalio/client';
import { type Resolution } from '../../src/activities/promotion-activities';
import { type DeploymentEvent } from '../../src/domain/event';
import { type LaneState } from '../../src/domain/lane/lane-state';
import {
  drainSignal,
  laneSentenceQuery,
  laneStateQuery,
  pullRequestSignal,
} from '../../src/workflows/contract/messages';
import { deployment, noon } from '../support/events';
import { eventually } from '../support/eventually';
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
const pullRequest = { url: 'https://git.example/pull/7', number: 7 };

let environment: WorkflowEnvironment;
let lane: WorkflowHandle;
let versions: string[];

beforeEach(async () => {
  environment = await createWorkflowEnvironment();
  lane = environment.client.workflow.getHandle(stagingLane);
  versions = [];
});
afterEach(() => environment.close());

const activities: Partial<Activities> = {
  resolvePromotion: () => Promise.resolve(ready),
  openPullRequest(task) {
    versions.push(task.version);
    return Promise.resolve({
      state: 'pull-request',
      ...pullRequest,
      change: 'created',
      previous: '1.0.0',
      repository: {
        namespace: 'apps',
        secretName: 'git',
        provider: 'github',
        url: 'https://git.example/a/b',
      },
    });
  },
  followPullRequest: () => Promise.resolve(),
};

const upgrade = (release: number): DeploymentEvent =>
  deployment({ version: `1.${release}.0`, release, at: noon + release * 1000, supersede: 'queue' });
const state = (): Promise<LaneState> => lane.query(laneStateQuery);
const standsAt = (version: string, queue: readonly string[]): Promise<void> =>
  eventually(async () => {
    const { inHand, proposal, queue: queued = [] } = await state();
    expect([inHand?.version, proposal?.number, queued.map((task) => task.version)]).toEqual([
      version,
      7,
      queue,
    ]);
  });
const decide = (release: number, decision: 'merged' | 'closed'): Promise<void> =>
  environment.client.workflow
    .getHandle(environment.promotionIdOf(upgrade(release)))
    .signal(pullRequestSignal, { number: 7, state: decision, head: 'f'.repeat(40) });

it('versions are proposed behind each other, each when the one before is decided, and a drain waits for the last', async () => {
  await environment.withWorker(activities, async () => {
    for (const release of [1, 2, 3]) await environment.report(upgrade(release));
    await standsAt('1.1.0', ['1.2.0', '1.3.0']);
    expect(await lane.query(laneSentenceQuery)).toMatch(
      /^staging waits for the merge of 1\.1\.0: pull request #7 is open since .* UTC; in the queue: 1\.2\.0, 1\.3\.0$/,
    );
    await lane.signal(drainSignal);
    await decide(1, 'closed');
    await standsAt('1.2.0', ['1.3.0']);
    await decide(2, 'merged');
    await lane.result();
    expect(versions).toEqual(['1.1.0', '1.2.0', '1.3.0']);
  });
});

it('a fresh lane takes the open promotion over, and a newer version waits behind it', async () => {
  await environment.withWorker(activities, async () => {
    await environment.report(upgrade(1));
    await standsAt('1.1.0', []);
    await eventually(async () => {
      const { count } = await environment.client.workflow.count(`WorkflowType = 'promotion'`);
      expect(count).toBe(1);
    });
    await lane.terminate();
    await environment.report(upgrade(2));
    await standsAt('1.1.0', ['1.2.0']);
    await decide(1, 'closed');
    await standsAt('1.2.0', []);
    expect(versions).toEqual(['1.1.0', '1.2.0']);
  });
});
