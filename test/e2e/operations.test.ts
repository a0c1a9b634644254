/**
 * The table of tasks in docs/operations.md: each of its rows is run here, by the commands that the page names, or in the test
 * that the row names.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { page, root } from '../unit/docs/pages';

const here = 'test/e2e/operations.test.ts';

interface Task {
  readonly name: string;
  readonly commands: readonly string[];
  readonly prints: string;
  readonly tests: readonly string[];
}

/** Those whose commands have no scenario yet. */
const withoutScenario: readonly string[] = [
  'What runs where',
  'What waits, and why',
  'Approve',
  'Reject',
  'Run a failed promotion again',
  'Cancel a promotion',
  'Freeze everything for the holidays',
  'A hotfix in the freeze',
  'End the freeze',
  'Suspend one Pipeline or environment',
  'Roll back prod, and keep it there',
  'Promote a version that is held',
  'Who approved what last quarter',
  'Was an event lost',
];

/** By the name of the task: runs the commands of its row, and expects what it says that they print. */
const scenarios: Readonly<Record<string, (task: Task) => Promise<void>>> = {};

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
  expect(tested).toEqual([...withoutScenario, ...Object.keys(scenarios)]);
});

describe('a person', () => {
  for (const task of tasks) {
    const scenario = scenarios[task.name];
    // eslint-disable-next-line jest/expect-expect -- the scenario expects
    if (scenario !== undefined) it('does it: ' + task.name, () => scenario(task));
  }
});
