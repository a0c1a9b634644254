import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { Registry } from 'prom-client';
import { createPromotionSinks } from '../../src/worker/metrics';
import { bundledWorkflows } from '../support/workflow-bundle';
import { scenarios } from './scenarios';

const directory = join(__dirname, 'histories');
const histories = readdirSync(directory, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.json'))
  .sort();

it('every scenario has been recorded, and holds a lane and a promotion', () => {
  const workflows = (name: string): string[] =>
    histories
      .filter((path) => path.startsWith(`${name}/`))
      .map((path) => path.replace(/^.*\/|-\d+\.json$/g, ''));
  for (const { name } of scenarios) {
    expect(workflows(name)).toEqual(expect.arrayContaining(['lane', 'promotion']));
  }
});

it.each(histories)('the history %s replays on the code of today', async (path) => {
  const history: unknown = JSON.parse(await readFile(join(directory, path), 'utf8'));
  const options = {
    workflowBundle: { codePath: await bundledWorkflows() },
    sinks: createPromotionSinks(new Registry()),
  };
  await expect(Worker.runReplayHistory(options, history as never)).resolves.toBeUndefined();
});
