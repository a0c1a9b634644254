import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DatabaseLock, lockDatabase } from '../../../src/temporal-server/database-lock';
import { type ProcessIdentity, findProcess, stillRuns } from '../../../src/temporal-server/processes';

let directory: string;
let children: ChildProcess[];
let orphans: number[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'windlass-lock-'));
  children = [];
  orphans = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(directory, { recursive: true });
});

const lock = (): Promise<DatabaseLock> => lockDatabase(directory, (server) => orphans.push(server.pid));
const lockFile = () => join(directory, 'temporal.lock');
const leftBehind = (content: { owner: ProcessIdentity; server?: ProcessIdentity }) =>
  writeFile(lockFile(), JSON.stringify(content));

/** A process that stays, with `args` behind on its command line. */
async function start(...args: string[]): Promise<ProcessIdentity> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6); console.log()', ...args]);
  children.push(child);
  await once(child.stdout, 'data');
  const found = await findProcess(child.pid!);
  return { pid: child.pid!, started: found!.started };
}

const serverArgs = ['server', 'start-dev', '--port', '1'];
const gone: ProcessIdentity = { pid: 2 ** 22 - 1, started: 'long ago' };

it('is refused while the process that holds it runs, and says which one', async () => {
  const owner = await start();
  await leftBehind({ owner });
  await expect(lock()).rejects.toThrow(
    new RegExp(`Process ${owner.pid} already runs a Temporal server .*another --data-dir`),
  );
  expect(await readdir(directory)).toEqual(['temporal.lock']);
});

it('is free again once released', async () => {
  await (await lock()).release();
  expect(await readdir(directory)).toEqual([]);
  await (await lock()).release();
});

it('is given to one of two that ask at the same time', async () => {
  const results = await Promise.allSettled([lock(), lock()]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

it('passes over from a process that is gone, also where its id belongs to another one by now', async () => {
  await leftBehind({ owner: gone });
  await (await lock()).release();
  await leftBehind({ owner: { pid: process.pid, started: 'long ago' } });
  await expect(lock()).resolves.toBeDefined();
});

it('passes over from a lock file that says nothing', async () => {
  await writeFile(lockFile(), '{"owner":');
  await expect(lock()).resolves.toBeDefined();
});

it('ends the server that a killed owner left behind', async () => {
  const server = await start(...serverArgs);
  await leftBehind({ owner: gone, server });
  await lock();
  expect(await stillRuns(server)).toBe(false);
  expect(orphans).toEqual([server.pid]);
});

it("spares a process that has the server's id but is another one", async () => {
  const other = await start(...serverArgs);
  await leftBehind({ owner: gone, server: { ...other, started: 'long ago' } });
  await lock();
  expect(await stillRuns(other)).toBe(true);
});

it('spares a process that is no Temporal server', async () => {
  const other = await start('something else');
  await leftBehind({ owner: gone, server: other });
  await lock();
  expect(await stillRuns(other)).toBe(true);
});

it('remembers the server for whoever comes next', async () => {
  const server = await start(...serverArgs);
  await (await lock()).recordServer(server.pid);
  expect(JSON.parse(await readFile(lockFile(), 'utf8'))).toMatchObject({
    owner: { pid: process.pid },
    server,
  });
});
