import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { DatabaseSync } from 'node:sqlite';
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';
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

interface Listener {
  readonly host: string;
  readonly port: number;
}

/** Where a process of this machine listens on TCP and IPv4: of Linux, /proc/net/tcp (proc(5)). */
async function listenersOf(pid: number): Promise<Listener[]> {
  const listen = '0A';
  const sockets = await Promise.all(
    (await readdir(`/proc/${pid}/fd`)).map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')),
  );
  const lines = (await readFile('/proc/net/tcp', 'utf8')).split('\n').slice(1);
  return lines.flatMap((line) => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
    if (state !== listen || !sockets.includes(`socket:[${inode}]`)) return [];
    const [address = '', port = ''] = local.split(':');
    // Least significant byte first.
    const host = (address.match(/../g) ?? []).reverse().map((byte) => parseInt(byte, 16));
    return [{ host: host.join('.'), port: parseInt(port, 16) }];
  });
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** @returns undefined where no HTTP is spoken */
function ask(
  { host, port }: Listener,
  method: 'GET' | 'POST',
  path: string,
  headers: Record<string, string>,
): Promise<Answer | undefined> {
  return new Promise((resolve) => {
    const request = httpRequest({ host, port, path, method, headers });
    request.once('error', () => resolve(undefined));
    request.once('response', (response) => {
      void text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }));
    });
    request.end(method === 'POST' ? JSON.stringify(aWorkflow) : undefined);
  });
}

const aWorkflow = { workflowType: { name: 'promotion' }, taskQueue: { name: 'windlass' } };
const startPath = (workflowId: string): string => `/api/v1/namespaces/${namespace}/workflows/${workflowId}`;

/** What a page sends without asking first: a form, or `fetch` without special headers. */
const fromAnotherSite = (host: string) => ({
  Host: host,
  Origin: 'http://evil.example.com',
  'Content-Type': 'text/plain',
});

/**
 * What a page of the same origin sends: one of the Web UI's own, or one whose name has been rebound to this machine.
 * Authorization turns off the Web UI's own check of a token.
 */
const fromSameSite = (host: string) => ({
  Host: host,
  Origin: `http://${host}`,
  'Sec-Fetch-Site': 'same-origin',
  'Content-Type': 'application/json',
  Authorization: 'Bearer any',
});

const webUiOf = (server: EmbeddedTemporal): Listener => ({
  host: '127.0.0.1',
  port: Number(new URL(server.uiUrl).port),
});

/** At first, the Web UI has no connection to Temporal, and starts nothing for anyone. */
const untilWebUiServes = ({ uiUrl }: EmbeddedTemporal): Promise<void> =>
  eventually(async () => expect((await fetch(`${uiUrl}/api/v1/namespaces/${namespace}`)).status).toBe(200));

it('listens on loopback, with its Web UI and the search attributes of Windlass', async () => {
  const { server, client } = await start();
  expect(server.address).toMatch(/^127\.0\.0\.1:\d+$/);
  expect((await fetch(server.uiUrl)).status).toBe(200);
  const { customAttributes } = await client.connection.operatorService.listSearchAttributes({ namespace });
  expect(Object.keys(customAttributes)).toEqual(
    expect.arrayContaining(searchAttributes.map(({ name }) => name)),
  );
});

it('starts no workflow for a web page that tries every port of 127.0.0.1', async () => {
  const { server, client } = await start();
  await untilWebUiServes(server);
  const ports = (await listenersOf(server.pid())).map(({ port }) => port);
  const tries = [...ports, webUiOf(server).port].flatMap((port) =>
    [`127.0.0.1:${port}`, `localhost:${port}`, `rebound.example.com:${port}`].map((host) => ({
      port,
      host,
      headers: host.startsWith('rebound') ? fromSameSite(host) : fromAnotherSite(host),
    })),
  );
  const answers = await Promise.all(
    tries.map(({ port, headers }) =>
      ask({ host: '127.0.0.1', port }, 'POST', startPath('from-a-page'), headers),
    ),
  );
  expect(answers.filter((answer) => answer !== undefined && answer.status < 400)).toEqual([]);
  expect(answers.map((answer) => answer?.status)).toContain(403);
  await expect(statusOf(client, 'from-a-page')).rejects.toThrow(WorkflowNotFoundError);
});

it('hides the Web UI itself, which serves every name, at an address that no page can guess', async () => {
  const { server, client } = await start();
  await untilWebUiServes(server);
  const listeners = await listenersOf(server.pid());
  const hidden = listeners.filter(({ host }) => host !== '127.0.0.1');
  expect(hidden).toHaveLength(1);
  // If it checked names itself, its proxy and its address would not be needed.
  const headers = fromSameSite('rebound.example.com');
  expect((await ask(hidden[0]!, 'POST', startPath('started'), headers))?.status).toBe(200);
  expect(await statusOf(client, 'started')).toBe('RUNNING');
});

it('serves its Web UI under the names of this machine alone', async () => {
  const { server, client } = await start();
  await untilWebUiServes(server);
  const webUi = webUiOf(server);
  for (const name of ['127.0.0.1', 'localhost', '[::1]']) {
    const host = `${name}:${webUi.port}`;
    const page = await ask(webUi, 'GET', `/namespaces/${namespace}/workflows`, { Host: host });
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('<html') });
    const settings = await ask(webUi, 'GET', '/api/v1/settings', { Host: host });
    expect(JSON.parse(settings?.body ?? '')).toMatchObject({ DisableWriteActions: false });
    expect((await ask(webUi, 'POST', startPath(`from-${name}`), fromSameSite(host)))?.status).toBe(200);
    expect(await statusOf(client, `from-${name}`)).toBe('RUNNING');
  }
  for (const method of ['GET', 'POST'] as const) {
    for (const path of ['/', '/api/v1/settings', startPath('foreign')]) {
      const answer = await ask(webUi, method, path, fromSameSite(`rebound.example.com:${webUi.port}`));
      expect(answer).toMatchObject({ status: 403, body: expect.stringContaining('127.0.0.1, localhost') });
    }
  }
  await expect(statusOf(client, 'foreign')).rejects.toThrow(WorkflowNotFoundError);
});

it('comes back at the same address with all its data after having been killed', async () => {
  const { server, client } = await start();
  await startWorkflow(client, 'before');
  const killed = server.pid();
  process.kill(killed, 'SIGKILL');
  await eventually(() => server.pid() !== killed);
  expect(await eventually(() => statusOf(client, 'before'))).toBe('RUNNING');
  await startWorkflow(client, 'after');
  await untilWebUiServes(server);
});

it('keeps its data from one run to the next, and leaves no process behind', async () => {
  const first = await start();
  await startWorkflow(first.client, 'kept');
  const process = (await findProcess(first.server.pid()))!;
  await first.server.close();
  expect(await stillRuns(process)).toBe(false);
  await expect(fetch(first.server.uiUrl)).rejects.toThrow('fetch failed');
  const second = await start();
  expect(await statusOf(second.client, 'kept')).toBe('RUNNING');
  expect(second.server.uiUrl).toBe(first.server.uiUrl);
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
