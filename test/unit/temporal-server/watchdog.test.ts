import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { transformSync } from '@swc/core';
import { findProcess, stillRuns } from '../../../src/temporal-server/processes';
import { eventually } from '../../support/eventually';

const source = resolve(__dirname, '../../../src/temporal-server/watchdog.ts');
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'windlass-watchdog-'));
  const { code } = transformSync(readFileSync(source, 'utf8'), {
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs' },
  });
  writeFileSync(join(directory, 'watchdog.js'), code);
});
afterAll(() => rmSync(directory, { recursive: true }));

/** A parent with a child of its own, in another process group, under the watchdog; prints the child's id. */
async function startParent(afterwards: string) {
  const parent = spawn(process.execPath, [
    '-e',
    `const { startWatchdog } = require(${JSON.stringify(join(directory, 'watchdog.js'))});
     const child = require('node:child_process').spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
     const stopWatchdog = startWatchdog(child.pid);
     console.log(child.pid);
     ${afterwards}
     setInterval(() => {}, 1e6);`,
  ]);
  const [pid] = (await once(parent.stdout, 'data')) as [Buffer];
  const child = await findProcess(Number(pid.toString()));
  return { parent, child: child! };
}

it('ends the server when its owner is killed', async () => {
  const { parent, child } = await startParent('');
  parent.kill('SIGKILL');
  await eventually(async () => !(await stillRuns(child)));
  expect(await stillRuns(child)).toBe(false);
});

it('leaves it alone once called off', async () => {
  const { parent, child } = await startParent(
    'stopWatchdog(); process.stdin.once("data", () => process.exit());',
  );
  parent.stdin.write('\n');
  await once(parent, 'close');
  expect(await stillRuns(child)).toBe(true);
  process.kill(child.pid, 'SIGKILL');
});
