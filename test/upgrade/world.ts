import { ApplicationFailure } from '@temporalio/activity';
import { type Client, type WorkflowHandle } from '@temporalio/client';
import { type Resolution } from '../../src/activities/promotion-activities';
import { type FailureCode } from '../../src/domain/errors';
import { type DeploymentEvent } from '../../src/domain/event';
import { laneId, laneWorkflow, promotionId, unfollowedTaskQueue } from '../../src/workflows/contract/ids';
import { laneStateQuery, promoteUpdate, reportSignal } from '../../src/workflows/contract/messages';
import { deployment, noon } from '../support/events';
import { laneIsIdle, promotionShows } from '../support/promotion-states';
import { type Activities, type WorkflowEnvironment } from '../support/workflow-environment';

/** One pipeline's lane into staging, and what its promotions find there: the same before and after an upgrade. */
export interface World {
  readonly client: Client;
  readonly lane: WorkflowHandle;
  /** What the Pipeline says about gates. */
  gates: Pick<Extract<Resolution, { status: 'ready' }>, 'manual' | 'suspended'>;
  /** How reading the Pipeline fails. */
  storeFault: FailureCode | undefined;
  /** How an attempt fails. */
  fault: FailureCode | undefined;
  /** The versions for which pull requests were opened, in order. */
  readonly opened: readonly string[];
  /** Hands the event of the n-th release, version `1.<n>.0`, to the lane. */
  report(release: number): Promise<void>;
  promotion(release: number): WorkflowHandle;
  approve(release: number): Promise<unknown>;
  /** Waits until the promotion of the n-th release shows this state. */
  shows(release: number, state: string): Promise<unknown>;
  /** Waits until the lane has nothing in hand, after so many promotions. */
  idle(outcomes: number): Promise<unknown>;
  /** How the lane's promotions ended, newest first: `1.1.0 pull-request`. */
  outcomes(): Promise<readonly string[]>;
}

/** Between attempts. A worker may stop and another start meanwhile; nothing depends on it. */
const waitMs = 3_000;

/** @returns a world for each name, and activities that act in the one whose pipeline is called so */
export function createWorlds(
  environment: WorkflowEnvironment,
  names: readonly string[],
): { readonly worlds: readonly World[]; readonly activities: Partial<Activities> } {
  const made = new Map(names.map((name) => [name, createWorld(environment, name)]));
  const activitiesOf = (name: string): ReturnType<typeof createWorld>['activities'] => {
    const found = made.get(name);
    if (found === undefined) throw new Error(`No pipeline of this test is called ${name}.`);
    return found.activities;
  };
  return {
    worlds: [...made.values()].map(({ world }) => world),
    activities: {
      resolvePromotion: (task) => activitiesOf(task.pipeline.name).resolvePromotion(task),
      openPullRequest: (task) => activitiesOf(task.pipeline.name).openPullRequest(task),
    },
  };
}

function createWorld(
  environment: WorkflowEnvironment,
  name: string,
): {
  readonly world: World;
  readonly activities: Pick<Activities, 'resolvePromotion' | 'openPullRequest'>;
} {
  const { client } = environment;
  const pipeline = { namespace: 'apps', name };
  const opened: string[] = [];
  const upgrade = (release: number): DeploymentEvent =>
    deployment({ pipeline, version: `1.${release}.0`, release, at: noon + release * 1000 });
  const idOf = (release: number): string => {
    const { version, identity } = upgrade(release);
    return promotionId(pipeline, 'staging', version, identity);
  };
  const world: World = {
    client,
    lane: client.workflow.getHandle(laneId(pipeline, 'staging')),
    gates: { manual: false },
    storeFault: undefined,
    fault: undefined,
    opened,
    async report(release) {
      // As an older api does.
      await client.workflow.signalWithStart(laneWorkflow, {
        taskQueue: unfollowedTaskQueue,
        workflowId: world.lane.workflowId,
        args: [{ pipeline, environment: 'staging' }],
        signal: reportSignal,
        signalArgs: [upgrade(release)],
      });
    },
    promotion: (release) => client.workflow.getHandle(idOf(release)),
    approve: (release) =>
      world
        .promotion(release)
        .executeUpdate(promoteUpdate, { args: [{ version: upgrade(release).version }] }),
    shows: (release, state) => promotionShows(client, idOf(release), state),
    idle: (outcomes) => laneIsIdle(client, world.lane.workflowId, outcomes),
    async outcomes() {
      const { outcomes } = await world.lane.query(laneStateQuery);
      return outcomes.map(({ version, state }) => `${version} ${state}`);
    },
  };
  return {
    world,
    activities: {
      resolvePromotion: () =>
        failingWith(world.storeFault, () => ({
          status: 'ready',
          strategy: 'pull-request',
          application: 'shop',
          retry: { delayMs: waitMs, maxDelayMs: waitMs, threshold: 100 },
          ...world.gates,
        })),
      openPullRequest: ({ version }) =>
        failingWith(world.fault, () => {
          opened.push(version);
          return {
            state: 'pull-request',
            url: `https://git.example/pull/${version}`,
            number: 1,
            change: 'created',
            previous: '1.0.0',
          };
        }),
    },
  };
}

function failingWith<T>(code: FailureCode | undefined, act: () => T): Promise<T> {
  if (code === undefined) return Promise.resolve(act());
  const details = code === 'rate-limited' ? [{ retryAfterMs: waitMs }] : [];
  return Promise.reject(ApplicationFailure.create({ type: code, message: 'It broke.', details }));
}
