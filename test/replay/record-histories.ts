/**
 * Records the scenarios' histories into test/replay/histories: `npm run record-histories`.
 * Run it when a scenario is added; histories that are there already are kept, since they stand for the promotions that
 * were in flight when the code changed.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { pino } from 'pino';
import { startEmbeddedTemporal } from '../../src/temporal-server/start';
import { bundledWorkflows } from '../support/workflow-bundle';
import { createWorkflowEnvironment } from '../support/workflow-environment';
import { type Scenario, scenarios } from './scenarios';

const directory = join(__dirname, 'histories');

export async function main(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'windlass-record-'));
  const server = await startEmbeddedTemporal({ dataDir, namespace: 'default', log: pino({ level: 'warn' }) });
  process.env['WINDLASS_TEST_TEMPORAL_ADDRESS'] = server.address;
  process.env['WINDLASS_TEST_WORKFLOW_BUNDLE'] = await bundledWorkflows();
  try {
    for (const scenario of scenarios) {
      if (!existsSync(join(directory, scenario.name))) await record(scenario);
    }
  } finally {
    await server.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Without what only this machine knows: where the checkout is, and who recorded. */
function anonymous(history: string): string {
  const root = `${resolve(__dirname, '../..')}/`;
  return `${history.replaceAll(root, '').replace(/"identity": "[^"]*"/g, '"identity": "recorder"')}\n`;
}

async function record(scenario: Scenario): Promise<void> {
  const environment = await createWorkflowEnvironment();
  await scenario.run(environment);
  await mkdir(join(directory, scenario.name), { recursive: true });
  const taken = new Map<string, number>();
  for await (const { workflowId, runId, type } of environment.client.workflow.list()) {
    const history = await environment.client.workflow.getHandle(workflowId, runId).fetchHistory();
    const nth = (taken.get(type) ?? 0) + 1;
    taken.set(type, nth);
    await writeFile(join(directory, scenario.name, `${type}-${nth}.json`), anonymous(historyToJSON(history)));
  }
  await environment.close();
  console.log(`recorded ${scenario.name}`);
}
