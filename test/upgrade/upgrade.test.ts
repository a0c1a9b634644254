/** What a build of the past left open on a real Temporal server is finished by the code of today. */
import { readdirSync } from 'node:fs';
import { type WorkflowExecutionInfo } from '@temporalio/client';
import { wakeUnfollowedLanes } from '../../src/temporal/unfollowed-workflows';
import { taskQueue, unfollowedTaskQueue } from '../../src/workflows/contract/ids';
import { laneStateQuery, pullRequestSignal } from '../../src/workflows/contract/messages';
import { eventually } from '../support/eventually';
import { createGate } from '../support/gate';
import {
  createWorkflowEnvironment,
  type TestWorkerOptions,
  type WorkflowEnvironment,
} from '../support/workflow-environment';
import { builds, type OpenState } from './open-states';
import { buildsDirectory, followedBuild, recordedBundle } from './recorded-build';
import { createWorlds, type World } from './world';

it('every recorded build is upgraded from', () => {
  const folders = readdirSync(buildsDirectory, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(folders.map(({ name }) => name).sort()).toEqual([...Object.keys(builds), followedBuild].sort());
});

/** Why tasks of the lane and its promotions failed. Nondeterminism does that; the task is then tried again for ever. */
async function failedTasks(world: World, releases: number): Promise<string[]> {
  const promotions = Array.from({ length: releases }, (_, i) => world.promotion(i + 1));
  const histories = await Promise.all([world.lane, ...promotions].map((workflow) => workflow.fetchHistory()));
  return histories.flatMap(({ events }) =>
    (events ?? []).flatMap(({ workflowTaskFailedEventAttributes: failed }) => failed?.failure?.message ?? []),
  );
}

async function expectEnd(world: World, { outcomes }: OpenState): Promise<void> {
  expect(await world.outcomes()).toEqual(outcomes);
  const versionOf = (outcome: string): string => outcome.split(' ', 1).join('');
  const promoted = outcomes.filter((outcome) => outcome.endsWith(' pull-request'));
  expect(world.opened).toEqual(promoted.map(versionOf).reverse());
  expect(await failedTasks(world, new Set(outcomes.map(versionOf)).size)).toEqual([]);
}

const bothQueues = [taskQueue, unfollowedTaskQueue];

describe.each(Object.entries(builds))('after an upgrade from %s', (build, states) => {
  let environment: WorkflowEnvironment;
  let worlds: readonly World[];
  let reached: readonly Promise<unknown>[];
  let newWorker: Promise<void>;
  const done = createGate();

  beforeAll(async () => {
    environment = await createWorkflowEnvironment();
    const made = createWorlds(
      environment,
      states.map(({ name }) => name),
    );
    worlds = made.worlds;
    await environment.withWorker(
      made.activities,
      async () => {
        reached = states.map((state, i) => state.reach(worlds[i]!));
        await Promise.allSettled(reached);
      },
      { workflowBundle: await recordedBundle(build), taskQueues: [unfollowedTaskQueue] },
    );
    newWorker = environment.withWorker(made.activities, () => done.opened, { taskQueues: bothQueues });
  });
  afterAll(async () => {
    done.open();
    await newWorker;
    await environment.close();
  });

  it.each(states.map((state, i) => ({ ...state, state, i })))('$name is finished', async ({ state, i }) => {
    await reached[i];
    await state.finish(worlds[i]!);
    await expectEnd(worlds[i]!, state);
  });
});

describe.each(Object.entries(builds))('during a rolling upgrade from %s', (build, states) => {
  let environment: WorkflowEnvironment;
  let worlds: readonly World[];
  let workers: Promise<unknown>;
  const done = createGate();

  beforeAll(async () => {
    environment = await createWorkflowEnvironment();
    const made = createWorlds(
      environment,
      states.map(({ name }) => name),
    );
    worlds = made.worlds;
    // Without a cache, each task of a workflow goes to whichever worker is free, and is a replay of what both have done.
    const run = (options: TestWorkerOptions): Promise<void> =>
      environment.withWorker(made.activities, () => done.opened, { ...options, maxCachedWorkflows: 0 });
    workers = Promise.all([
      run({ workflowBundle: await recordedBundle(build), taskQueues: [unfollowedTaskQueue] }),
      run({ taskQueues: bothQueues }),
    ]);
  });
  afterAll(async () => {
    done.open();
    await workers;
    await environment.close();
  });

  it.each(states.map((state, i) => ({ ...state, state, i })))(
    '$name is reached and finished by old and new workers together',
    async ({ state, i }) => {
      await state.reach(worlds[i]!);
      await state.finish(worlds[i]!);
      await expectEnd(worlds[i]!, state);
    },
  );
});

describe.each(Object.keys(builds))('a lane that %s left idle with an open pull request', (build) => {
  it('is woken, takes the pull request over and follows it', async () => {
    const environment = await createWorkflowEnvironment();
    const { worlds, activities } = createWorlds(environment, ['woken']);
    const [world] = worlds;
    if (world === undefined) throw new Error('There is one world.');
    await environment.withWorker(
      activities,
      async () => {
        await world.report(1);
        await world.idle(1);
      },
      { workflowBundle: await recordedBundle(build), taskQueues: [unfollowedTaskQueue] },
    );
    await environment.withWorker(
      activities,
      async () => {
        await eventually(async () => {
          // Visibility is seconds late.
          await wakeUnfollowedLanes(environment.client, new AbortController().signal);
          const { inHand, proposal } = await world.lane.query(laneStateQuery);
          expect([inHand?.version, inHand?.approved, proposal?.number]).toEqual(['1.1.0', true, 1]);
        });
        const { memo, workflowId } = await adopted(world);
        expect(memo).toMatchObject({ task: { recall: true, followed: true } });
        await world.client.workflow
          .getHandle(workflowId)
          .signal(pullRequestSignal, { number: 1, state: 'closed', by: 'bob' });
        await eventually(async () => {
          const { held } = await world.lane.query(laneStateQuery);
          expect(held?.[0]).toMatchObject({ version: '1.1.0', by: 'bob' });
        });
      },
      { taskQueues: bothQueues },
    );
    await environment.close();
  });
});

/** The promotion that the woken lane started. */
function adopted({ client }: World): Promise<WorkflowExecutionInfo> {
  return eventually(async () => {
    for await (const execution of client.workflow.list({
      query: `WorkflowType = 'promotion' AND ExecutionStatus = 'Running'`,
    })) {
      return execution;
    }
    throw new Error('No promotion runs.');
  });
}
