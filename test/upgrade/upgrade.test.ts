/** What a build of the past left open on a real Temporal server is finished by the code of today. */
import { readdirSync } from 'node:fs';
import { createGate } from '../support/gate';
import {
  createWorkflowEnvironment,
  type TestWorkerOptions,
  type WorkflowEnvironment,
} from '../support/workflow-environment';
import { builds, type OpenState } from './open-states';
import { buildsDirectory, recordedBundle } from './recorded-build';
import { createWorlds, type World } from './world';

it('every recorded build is upgraded from', () => {
  const folders = readdirSync(buildsDirectory, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(folders.map(({ name }) => name).sort()).toEqual(Object.keys(builds).sort());
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
      { workflowBundle: await recordedBundle(build) },
    );
    newWorker = environment.withWorker(made.activities, () => done.opened);
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
    workers = Promise.all([run({ workflowBundle: await recordedBundle(build) }), run({})]);
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
