/**
 * Records histories for the replay test: `npm run record-histories`. Those of the scenarios, by the code of today, into
 * test/replay/histories; those of the open states, by the code of each recorded build, into test/upgrade/builds.
 * Run it when a scenario, an open state or a build is added. Histories that are there already are kept, since they stand
 * for the promotions that were in flight when the code changed.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { pino } from 'pino';
import { startEmbeddedTemporal } from '../../src/temporal-server/start';
import { unfollowedTaskQueue } from '../../src/workflows/contract/ids';
import { bundledWorkflows } from '../support/workflow-bundle';
import { createWorkflowEnvironment, type WorkflowEnvironment } from '../support/workflow-environment';
import { builds, type OpenState } from '../upgrade/open-states';
import { buildsDirectory, recordedBundle } from '../upgrade/recorded-build';
import { createWorlds } from '../upgrade/world';
import { followedScenarios } from './followed-scenarios';
import { scenarios } from './scenarios';

export async function main(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'windlass-record-'));
  const server = await startEmbeddedTemporal({
    dataDir,
    namespace: 'default',
    moreNamespaces: true,
    log: pino({ level: 'warn' }),
  });
  process.env['WINDLASS_TEST_TEMPORAL_ADDRESS'] = server.address;
  process.env['WINDLASS_TEST_WORKFLOW_BUNDLE'] = await bundledWorkflows();
  try {
    for (const scenario of [...scenarios, ...followedScenarios]) {
      await record(join(__dirname, 'histories', scenario.name), (environment) => scenario.run(environment));
    }
    for (const [build, states] of Object.entries(builds)) {
      for (const state of states) {
        await record(join(buildsDirectory, build, 'histories', state.name), (environment) =>
          leaveOpen(environment, build, state),
        );
      }
    }
  } finally {
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function leaveOpen(environment: WorkflowEnvironment, build: string, state: OpenState): Promise<void> {
  const { worlds, activities } = createWorlds(environment, [state.name]);
  await environment.withWorker(
    activities,
    async () => {
      for (const world of worlds) await state.reach(world);
    },
    { workflowBundle: await recordedBundle(build), taskQueues: [unfollowedTaskQueue] },
  );
}

/** Runs `course` in an empty namespace and writes every workflow's history; nothing where there are some already. */
async function record(
  directory: string,
  course: (environment: WorkflowEnvironment) => Promise<void>,
): Promise<void> {
  if (existsSync(directory)) return;
  const environment = await createWorkflowEnvironment();
  await course(environment);
  await mkdir(directory, { recursive: true });
  await writeHistories(environment.client, directory);
  await environment.close();
  console.log(`recorded ${directory}`);
}

async function writeHistories(client: Client, directory: string): Promise<void> {
  const taken = new Map<string, number>();
  for await (const { workflowId, runId, type } of client.workflow.list()) {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    const nth = (taken.get(type) ?? 0) + 1;
    taken.set(type, nth);
    await writeFile(join(directory, `${type}-${nth}.json`), anonymous(historyToJSON(history)));
  }
}

/** Without what only this machine knows: where the checkout is, and who recorded. */
function anonymous(history: string): string {
  const root = `${resolve(__dirname, '../..')}/`;
  return `${history.replaceAll(root, '').replace(/"identity": "[^"]*"/g, '"identity": "recorder"')}\n`;
}
