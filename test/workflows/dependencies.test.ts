/** What a lane knows is what promotions of other pipelines wait for. */
import { readLaneState } from '../../src/temporal/lane-states';
import { resolvePromotion } from '../../src/activities/resolve-promotion';
import { type EnvironmentFact } from '../../src/domain/environment-fact';
import { type Pipeline } from '../../src/domain/pipeline/pipeline';
import { type PullRequestOpened } from '../../src/domain/promotion/promotion';
import { createLaneReporter } from '../../src/temporal/lanes';
import { deployment, noon, pipelineRef, promotionTask } from '../support/events';
import { eventually } from '../support/eventually';
import { memoryStore } from '../support/memory-store';
import { samplePipeline } from '../support/sample-pipeline';
import { startPromotionSkippingTime } from '../support/time-skipping';
import { createTimeSkippingEnvironment } from '../support/time-skipping-environment';
import { createWorkflowEnvironment, type WorkflowEnvironment } from '../support/workflow-environment';

const databaseRef = { namespace: 'apps', name: 'db' };
const database: Pipeline = { ...samplePipeline, ...databaseRef };
const shop: Pipeline = {
  ...samplePipeline,
  ...pipelineRef,
  gates: { dependsOn: [{ pipeline: databaseRef, environment: 'staging', version: '>=2' }] },
};

const fact = (version: string, at = noon): EnvironmentFact => ({
  kind: 'deployed',
  environment: 'staging',
  identity: `db ${version}`,
  version,
  reporter: 'uid-db',
  at,
  object: 'real/my-app',
  targets: 1,
});

let environment: WorkflowEnvironment;
const recordThat = (version: string, at?: number) =>
  createLaneReporter(environment.client).recordFact(databaseRef, fact(version, at), 'staging', 10_000);
const read = () => readLaneState(environment.client, databaseRef, 'staging');

describe('the state of a lane', () => {
  beforeAll(async () => {
    environment = await createWorkflowEnvironment();
  });
  afterAll(() => environment.close());

  it('is nothing where there is no lane', async () => {
    await expect(read()).resolves.toBeUndefined();
  });

  it('is what the environment reported, and in its source what the webhook reported', async () => {
    await environment.withWorker({}, async () => {
      await recordThat('1.0.0');
      await recordThat('2.0.0', noon + 1_000);
      await eventually(async () => {
        expect((await read())?.running).toMatchObject([{ version: '2.0.0', object: 'real/my-app' }]);
      });
      await environment.report(deployment({ version: '1.1.0', kind: 'rolled-back', object: 'dev/shop' }));
      await eventually(async () => {
        const state = await readLaneState(environment.client, pipelineRef, 'staging');
        expect(state?.reports).toMatchObject([{ version: '1.1.0', object: 'dev/shop' }]);
      });
    });
  });

  it('is an error while no worker answers for the lane', async () => {
    await recordThat('2.1.0', noon + 2_000);
    await expect(read()).rejects.toThrow();
  });
});

describe('a promotion that depends on another pipeline', () => {
  const opened: PullRequestOpened = {
    state: 'pull-request',
    url: 'https://git.example/pull/7',
    number: 7,
    change: 'created',
    previous: '1.0.0',
  };
  beforeAll(async () => {
    environment = await createTimeSkippingEnvironment();
  });
  afterAll(() => environment.close());

  it('waits until the other environment runs the version, and then continues by itself', async () => {
    const store = memoryStore([shop, database]);
    const retry = { delayMs: 10, maxDelayMs: 40, threshold: 3 };
    const found: string[] = [];
    const told: string[] = [];
    let actedOn: string | undefined;
    const activities = {
      resolvePromotion: async (task: Parameters<typeof resolvePromotion>[2]) => {
        const resolution = await resolvePromotion(store, { retry, reported: true }, task, {
          readLane: (pipeline, into) => readLaneState(environment.client, pipeline, into),
        });
        if (resolution.status === 'ready')
          found.push(...(resolution.dependsOn ?? []).map((each) => each.found));
        return resolution.status === 'ready'
          ? { ...resolution, strategy: 'pull-request' as const }
          : resolution;
      },
      openPullRequest: () => {
        actedOn = found.at(-1);
        return Promise.resolve(opened);
      },
      reportProgress: (_: unknown, { state }: { readonly state: string }) => {
        told.push(state);
        return Promise.resolve();
      },
    };
    await environment.withWorker(activities, async () => {
      const handle = await startPromotionSkippingTime(
        environment.client,
        'depends-on-test',
        promotionTask(1),
      );
      await eventually(() => expect(found).toContain('has not reported what it runs'));
      await recordThat('1.9.0');
      await eventually(() => expect(found).toContain('runs 1.9.0'));
      expect(actedOn).toBeUndefined();
      await recordThat('2.0.0', noon + 1_000);
      await expect(handle.result()).resolves.toEqual(opened);
    });
    expect(actedOn).toBe('runs 2.0.0');
    expect([...new Set(told)]).toEqual(['waiting-for-dependency', 'started', 'pull-request']);
  }, 180_000);
});
