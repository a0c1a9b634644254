/** What a build that followed promotions, but weighed no gates of open pull requests, left open is finished by today's code. */
import { type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { type ReadyPromotion } from '../../src/activities/promotion-activities';
import { type DeploymentEvent } from '../../src/domain/event';
import { type FollowedRepository } from '../../src/domain/promotion/followed-repository';
import { laneId, promotionId } from '../../src/workflows/contract/ids';
import {
  actUpdate,
  approveUpdate,
  factSignal,
  laneStateQuery,
  pullRequestSignal,
  reconsiderSignal,
} from '../../src/workflows/contract/messages';
import { alice, keyNumber } from '../support/acting-lane';
import { deployment, noon } from '../support/events';
import { eventually } from '../support/eventually';
import { promotionShows } from '../support/promotion-states';
import {
  type Activities,
  createWorkflowEnvironment,
  type WorkflowEnvironment,
} from '../support/workflow-environment';
import { followedBuild, recordedBundle } from './recorded-build';

const repository: FollowedRepository = {
  namespace: 'apps',
  secretName: 'git',
  provider: 'github',
  url: 'https://git.example/acme/fleet',
};

/** A pipeline with the gates that the test sets. */
class World {
  gates: Partial<ReadyPromotion> = {};
  isAway = false;
  /** The kinds of notices that people got. */
  readonly told: string[] = [];

  constructor(
    readonly environment: WorkflowEnvironment,
    readonly name: string,
  ) {}

  event(release: number): DeploymentEvent {
    const pipeline = { namespace: 'apps', name: this.name };
    return deployment({ pipeline, version: `1.${release}.0`, release, at: noon + release * 1000 });
  }

  async report(release: number): Promise<void> {
    await this.environment.report(this.event(release));
  }

  promotion(release: number): WorkflowHandle {
    const { pipeline, version, identity } = this.event(release);
    return this.environment.client.workflow.getHandle(promotionId(pipeline, 'staging', version, identity));
  }

  get lane(): WorkflowHandle {
    return this.environment.client.workflow.getHandle(
      laneId({ namespace: 'apps', name: this.name }, 'staging'),
    );
  }

  async shows(release: number, state: string): Promise<void> {
    await promotionShows(this.environment.client, this.promotion(release).workflowId, state);
  }

  merge(release: number, promotion = this.promotion(release)): Promise<void> {
    return promotion.signal(pullRequestSignal, {
      number: release,
      state: 'merged',
      head: 'f'.repeat(40),
      at: Date.now(),
    });
  }

  /** Someone asks for the version of a release by the API. @returns its promotion, with its pull request open */
  async rollBack(release: number): Promise<WorkflowHandle> {
    const { pipeline, version } = this.event(release);
    const act = { kind: 'rollback', version, actor: alice, at: Date.now(), key: keyNumber(release) } as const;
    await this.lane.executeUpdate(actUpdate, { args: [act] });
    const identity = await eventually(async () => {
      const { inHand, proposal } = await this.lane.query(laneStateQuery);
      if (inHand?.version !== version || proposal?.number !== release) throw new Error('Not proposed yet.');
      return inHand.event.identity;
    });
    return this.environment.client.workflow.getHandle(promotionId(pipeline, 'staging', version, identity));
  }

  /** The environment runs the version. */
  deployed(release: number): Promise<void> {
    const { version } = this.event(release);
    return this.lane.signal(factSignal, {
      ...{ kind: 'deployed', environment: 'staging', version, targets: 1 },
      identity: `${version} runs at ${Date.now()}`,
      ...{ reporter: 'uid-s', at: Date.now(), object: 'staging/shop' },
    });
  }
}

interface OpenState {
  readonly name: string;
  /** By the old build. */
  readonly reach: (world: World) => Promise<unknown>;
  /** By today's. */
  readonly finish: (world: World) => Promise<unknown>;
  /** How the lane's promotions stand then: as in its outcomes, or as what settles. */
  readonly ends: string;
}

const proposed = async (world: World): Promise<void> => {
  await world.report(1);
  await world.shows(1, 'pull-request');
};
const mergedAndDeployed = async (world: World): Promise<void> => {
  await world.merge(1);
  await world.shows(1, 'merged');
  await world.deployed(1);
};
const opensAgain = async (world: World): Promise<void> => {
  world.gates = {};
  await world.promotion(1).signal(reconsiderSignal);
  await world.shows(1, 'pull-request');
  await mergedAndDeployed(world);
};

const states: readonly OpenState[] = [
  { name: 'pull-request-open', reach: proposed, finish: mergedAndDeployed, ends: '1.1.0 deployed' },
  {
    name: 'merged',
    reach: async (world) => {
      await proposed(world);
      await world.merge(1);
      await world.shows(1, 'merged');
    },
    finish: (world) => world.deployed(1),
    ends: '1.1.0 deployed',
  },
  {
    name: 'idle',
    reach: async (world) => {
      await proposed(world);
      await mergedAndDeployed(world);
      await world.shows(1, 'deployed');
    },
    finish: async (world) => {
      await world.report(2);
      await world.shows(2, 'pull-request');
      await world.merge(2);
      await world.shows(2, 'merged');
      await world.deployed(2);
    },
    ends: '1.2.0 deployed',
  },
  {
    name: 'rolled-back-later',
    reach: async (world) => {
      await proposed(world);
      await mergedAndDeployed(world);
      await world.shows(1, 'deployed');
      await world.report(2);
      await world.shows(2, 'pull-request');
      await world.merge(2);
      await world.shows(2, 'merged');
    },
    finish: async (world) => {
      await world.merge(1, await world.rollBack(1));
      await eventually(async () => {
        const { settling } = await world.lane.query(laneStateQuery);
        expect(settling?.task.version).toBe('1.1.0');
      });
      await world.deployed(1);
    },
    ends: '1.1.0 deployed',
  },
  {
    name: 'approvals-held',
    reach: async (world) => {
      world.gates = { approvals: { required: 2 } };
      await world.report(1);
      await world.shows(1, 'waiting-for-approval');
      const args: [{ version: string; by: string }] = [{ version: '1.1.0', by: 'alice' }];
      await world.promotion(1).executeUpdate(approveUpdate, { args });
    },
    finish: async (world) => {
      const args: [{ version: string; by: string }] = [{ version: '1.1.0', by: 'bob' }];
      await world.promotion(1).executeUpdate(approveUpdate, { args });
      await world.shows(1, 'pull-request');
      await mergedAndDeployed(world);
    },
    ends: '1.1.0 deployed',
  },
  {
    // The old build has told no one, and the Pipeline asks for notices since.
    name: 'told-of-since',
    reach: async (world) => {
      world.gates = { approvals: { required: 1 } };
      await world.report(1);
      await world.shows(1, 'waiting-for-approval');
    },
    finish: async (world) => {
      world.gates = { approvals: { required: 1 }, notices: 'all' };
      await world.promotion(1).signal(reconsiderSignal);
      await eventually(() => world.told.join() === 'approval-needed');
      const args: [{ version: string; by: string }] = [{ version: '1.1.0', by: 'alice' }];
      await world.promotion(1).executeUpdate(approveUpdate, { args });
      await world.shows(1, 'pull-request');
      await mergedAndDeployed(world);
      await eventually(() => world.told.join() === 'approval-needed,merged,deployed');
    },
    ends: '1.1.0 deployed',
  },
  {
    name: 'suspended',
    reach: async (world) => {
      world.gates = { suspended: true };
      await world.report(1);
      await world.shows(1, 'suspended');
    },
    finish: opensAgain,
    ends: '1.1.0 deployed',
  },
  {
    name: 'between-attempts',
    reach: async (world) => {
      world.isAway = true;
      await world.report(1);
      await world.shows(1, 'retrying');
    },
    finish: async (world) => {
      world.isAway = false;
      await world.shows(1, 'pull-request');
      await mergedAndDeployed(world);
    },
    ends: '1.1.0 deployed',
  },
];

describe(`after an upgrade from ${followedBuild}`, () => {
  let environment: WorkflowEnvironment;
  let worlds: ReadonlyMap<string, World>;
  beforeAll(async () => {
    environment = await createWorkflowEnvironment();
    worlds = new Map(states.map(({ name }) => [name, new World(environment, name)]));
  });
  afterAll(() => environment.close());

  const worldOf = (name: string): World => {
    const world = worlds.get(name);
    if (world === undefined) throw new Error(`There is no world ${name}.`);
    return world;
  };
  /** @param head what builds of today say of the pull request besides */
  const activities = (head: { readonly head?: string }): Partial<Activities> => ({
    resolvePromotion: ({ pipeline }) =>
      Promise.resolve({
        status: 'ready',
        strategy: 'pull-request',
        application: 'shop',
        retry: { delayMs: 500, maxDelayMs: 500, threshold: 1_000 },
        manual: false,
        ...worldOf(pipeline.name).gates,
      }),
    openPullRequest: ({ pipeline, version }) => {
      if (worldOf(pipeline.name).isAway) {
        return Promise.reject(ApplicationFailure.create({ type: 'network', message: 'The forge is away.' }));
      }
      const number = Number(version.split('.')[1]);
      return Promise.resolve({
        ...{ state: 'pull-request', change: 'created', previous: '1.0.0' },
        url: `https://git.example/pull/${number}`,
        number,
        repository,
        ...head,
      } as const);
    },
    followPullRequest: () => Promise.resolve(),
    tellGates: () => Promise.resolve(),
    partFromPullRequest: () => Promise.resolve(),
    sendNotice: ({ kind, name }) => {
      worldOf(name).told.push(kind);
      return Promise.resolve();
    },
  });

  it('every promotion that it left open ends as it should', async () => {
    await environment.withWorker(
      activities({}),
      () => Promise.all(states.map(({ name, reach }) => reach(worldOf(name)))),
      { workflowBundle: await recordedBundle(followedBuild) },
    );
    await environment.withWorker(activities({ head: 'f'.repeat(40) }), async () => {
      await Promise.all(states.map(({ name, finish }) => finish(worldOf(name))));
      const ends = async (name: string): Promise<readonly string[]> => {
        const { outcomes } = await worldOf(name).lane.query(laneStateQuery);
        return outcomes.map(({ version, state }) => `${version} ${state}`);
      };
      for (const { name, ends: expected } of states) {
        // What it took the place of may end after it.
        await eventually(async () =>
          expect([name, await ends(name)]).toEqual([name, expect.arrayContaining([expected])]),
        );
      }
    });
  }, 120_000);
});
