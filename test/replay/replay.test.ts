import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Worker } from '@temporalio/worker';
import { createRegistry } from '../../src/metrics/registry';
import { createPromotionSinks } from '../../src/worker/metrics';
import { createTraceSinks } from '../../src/worker/trace-sinks';
import { bundledWorkflows } from '../support/workflow-bundle';
import { builds } from '../upgrade/open-states';
import { followedScenarios } from './followed-scenarios';
import { scenarios } from './scenarios';

const root = resolve(__dirname, '..');
const histories = ['replay/histories', 'upgrade/builds']
  .flatMap((directory) =>
    readdirSync(join(root, directory), { recursive: true, encoding: 'utf8' }).map((path) =>
      join(directory, path),
    ),
  )
  .filter((path) => path.endsWith('.json'))
  .sort();

it.each([
  ...[...scenarios, ...followedScenarios].map(({ name }) => `replay/histories/${name}`),
  ...Object.entries(builds).flatMap(([build, states]) =>
    states.map(({ name }) => `upgrade/builds/${build}/histories/${name}`),
  ),
])('%s has been recorded, and holds a lane and a promotion', (directory) => {
  const workflows = histories
    .filter((path) => path.startsWith(`${directory}/`))
    .map((path) => path.replace(/^.*\/|-\d+\.json$/g, ''));
  expect(workflows).toEqual(expect.arrayContaining(['lane', 'promotion']));
});

it.each(histories)('the history %s replays on the code of today', async (path) => {
  const history: unknown = JSON.parse(await readFile(join(root, path), 'utf8'));
  const options = {
    workflowBundle: { codePath: await bundledWorkflows() },
    sinks: { ...createPromotionSinks(createRegistry()), ...createTraceSinks() },
  };
  // Ids of notices begin with it, and a replay compares them.
  const id = workflowIdOf(history);
  await expect(Worker.runReplayHistory(options, history as never, id)).resolves.toBeUndefined();
});

function workflowIdOf(history: unknown): string {
  const { events } = history as {
    readonly events: readonly {
      readonly workflowExecutionStartedEventAttributes?: { readonly workflowId?: string };
    }[];
  };
  const id = events[0]?.workflowExecutionStartedEventAttributes?.workflowId;
  if (id === undefined) throw new Error('The history does not begin with the start of its workflow.');
  return id;
}
