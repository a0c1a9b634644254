/**
 * The table of tasks in docs/operations.md: each of its rows is run here, by the commands that the page names, or in the test
 * that the row names.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { decisions } from '../support/operations/decisions';
import { freezes } from '../support/operations/freezes';
import { type Operators, startOperators } from '../support/operations/operators';
import { type Scenario, type Task } from '../support/operations/task';
import { upkeep } from '../support/operations/upkeep';
import { versions } from '../support/operations/versions';
import { page, root } from '../unit/docs/pages';

const here = 'test/e2e/operations.test.ts';

/** By the name of the task. They are one story, in the order of the table: each begins where the one before ended. */
const scenarios: Readonly<Record<string, Scenario>> = { ...decisions, ...freezes, ...versions, ...upkeep };

function readTasks(): Task[] {
  const { text } = page('docs/operations.md');
  const [, table = ''] = /<!-- tasks: .* -->\n(.*?)<!-- end of tasks -->/s.exec(text) ?? [];
  const rows = table.split('\n').filter((line) => line.startsWith('| '));
  return rows.slice(2).map((row) => {
    const [, name = '', command = '', prints = '', tests = ''] = row.split('|').map((cell) => cell.trim());
    return {
      name: name.replace(/^\[(.*)\]\(.*\)$/, '$1'),
      commands: codeIn(command),
      prints,
      tests: codeIn(tests),
    };
  });
}

const codeIn = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

const tasks = readTasks();

it('the page has a table of tasks', () => {
  expect(tasks.length).toBeGreaterThan(15);
});

it.each(tasks)('"$name" says what its commands print, and names a test that there is', (task) => {
  expect(task.commands.filter((command) => !command.startsWith('windlass '))).toEqual([]);
  expect(task.prints !== '').toBe(task.commands.length > 0);
  expect(task.tests.filter((test) => !existsSync(join(root, test)))).toEqual([]);
});

it('every task that is tested here has a scenario', () => {
  const tested = tasks.filter(({ tests }) => tests.includes(here)).map(({ name }) => name);
  expect(tested).toEqual(Object.keys(scenarios));
});

describe('people', () => {
  let operators: Operators;
  beforeAll(async () => {
    operators = await startOperators();
  }, 120_000);
  afterAll(() => operators.close());

  for (const task of tasks) {
    const scenario = scenarios[task.name];
    // eslint-disable-next-line jest/expect-expect -- the scenario expects
    if (scenario !== undefined) it('do it: ' + task.name, () => scenario(operators, task));
  }
});
