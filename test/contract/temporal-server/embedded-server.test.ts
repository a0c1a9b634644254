import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Client, Connection } from '@temporalio/client';
import { type Logger, pino } from 'pino';
import { findProcess, stillRuns } from '../../../src/temporal-server/processes';
import { type EmbeddedTemporal, startEmbeddedTemporal } from '../../../src/temporal-server/start';
import { searchAttributes } from '../../../src/workflows/contract/search-attributes';
import { eventually } from '../../support/eventually';

const namespace = 'embedded';
const log: Logger = pino({ level: 'silent' });
let dataDir: string;
let server: EmbeddedTemporal | undefined;
let connection: Connection | undefined;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'windlass-embedded-'));
});

afterEach(async () => {
  await connection?.close();
  await server?.close();
  server = connection = undefined;
  await rm(dataDir, { recursive: true });
});

async function start(): Promise<{ server: EmbeddedTemporal; client: Client }> {
  server = await startEmbeddedTemporal({ dataDir, namespace, log });
  await connection?.close();
  connection = await Connection.connect({ address: server.address });
  return { server, client: new Client({ connection, namespace }) };
}

const startWorkflow = (client: Client, workflowId: string) =>
  client.workflow.start('someWorkflow', { workflowId, taskQueue: 'no-worker', args: [] });
const statusOf = async (client: Client, workflowId: string) =>
  (await client.workflow.getHandle(workflowId).describe()).status.name;

/** The TCP ports on which a process of this machine listens: of Linux, /proc/net/tcp (proc(5)). */
async function listeningPorts(pid: number): Promise<number[]> {
  const listen = '0A';
  const sockets = await Promise.all(
    (await readdir(`/proc/${pid}/fd`)).map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')),
  );
  const lines = (await readFile('/proc/net/tcp', 'utf8')).split('\n').slice(1);
  return lines.flatMap((line) => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    if (state !== listen || !sockets.includes(`socket:[${inode}]`)) return [];
    return [parseInt(local.split(':')[1] ?? '', 16)];
  });
}

/** As a form or `fetch` of any web page can, without asking first. @returns undefined where no HTTP is spoken */
function startOverHttp(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const request = httpRequest({
      host: '127.0.0.1',
      port,
      path: `/api/v1/namespaces/${namespace}/workflows/from-a-page`,
      method: 'POST',
      headers: { Host: host, Origin: 'http://evil.example.com', 'Content-Type': 'text/plain' },
    });
    request.once('error', () => resolve(undefined));
    request.once('response', (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.end(JSON.stringify({ workflowType: { name: 'promotion' }, taskQueue: { name: 'windlass' } }));
  });
}

it('listens on loopback, with its Web UI and the search attributes of Windlass', async () => {
  const { server, client } = await start();
  expect(server.address).toMatch(/^127\.0\.0\.1:\d+$/);
  expect((await fetch(server.uiUrl)).status).toBe(200);
  const { customAttributes } = await client.connection.operatorService.listSearchAttributes({ namespace });
  expect(Object.keys(customAttributes)).toEqual(
    expect.arrayContaining(searchAttributes.map(({ name }) => name)),
  );
});

it('starts no workflow for a web page: its HTTP API answers nobody, whatever the Host', async () => {
  const { server } = await start();
  const ports = await listeningPorts(server.pid());
  const answers = await Promise.all(
    ports.flatMap((port) =>
      [`127.0.0.1:${port}`, `localhost:${port}`, 'rebound.example.com'].map((host) =>
        startOverHttp(port, host),
      ),
    ),
  );
  // The Web UI has an API of its own, behind a token that no other site can read.
  expect(answers.filter((status) => status !== undefined && status < 400)).toEqual([]);
  expect(answers).toContain(403);
});

it('comes back at the same address with all its data after having been killed', async () => {
  const { server, client } = await start();
  await startWorkflow(client, 'before');
  const killed = server.pid();
  process.kill(killed, 'SIGKILL');
  await eventually(() => server.pid() !== killed);
  expect(await eventually(() => statusOf(client, 'before'))).toBe('RUNNING');
  await startWorkflow(client, 'after');
});

it('keeps its data from one run to the next, and leaves no process behind', async () => {
  const first = await start();
  await startWorkflow(first.client, 'kept');
  const process = (await findProcess(first.server.pid()))!;
  await first.server.close();
  expect(await stillRuns(process)).toBe(false);
  const second = await start();
  expect(await statusOf(second.client, 'kept')).toBe('RUNNING');
});

/** The journal of a database on disk: bytes 18 and 19 are 2 for a write-ahead log (https://sqlite.org/fileformat.html). */
async function journal(): Promise<string> {
  const header = await readFile(join(dataDir, 'temporal.db'));
  return header[18] === 2 && header[19] === 2 ? 'write-ahead log' : 'rollback';
}

it('writes ahead to a log, so that an event waits for one flush of the disk', async () => {
  await start();
  expect(await journal()).toBe('write-ahead log');
});

it('takes over a database that an earlier version wrote without that log', async () => {
  const first = await start();
  await startWorkflow(first.client, 'kept');
  await first.server.close();
  const database = new DatabaseSync(join(dataDir, 'temporal.db'));
  database.exec('PRAGMA journal_mode = DELETE');
  database.close();
  expect(await journal()).toBe('rollback');

  const second = await start();
  expect(await journal()).toBe('write-ahead log');
  expect(await statusOf(second.client, 'kept')).toBe('RUNNING');
});

it('refuses a second server on the same database', async () => {
  await start();
  await expect(startEmbeddedTemporal({ dataDir, namespace, log })).rejects.toThrow(/another --data-dir/);
});

it('creates the database again if its creation was interrupted', async () => {
  await writeFile(join(dataDir, 'temporal.db'), '');
  await writeFile(join(dataDir, 'temporal.db.unfinished'), '');
  const { client } = await start();
  await startWorkflow(client, 'works');
  expect(existsSync(join(dataDir, 'temporal.db.unfinished'))).toBe(false);
});

it('tells what the server said when it can not be started', async () => {
  await writeFile(join(dataDir, 'temporal.db'), 'this is no database');
  await expect(startEmbeddedTemporal({ dataDir, namespace, log })).rejects.toThrow(
    /embedded Temporal server ended with exit code 1\n.*database/,
  );
});
