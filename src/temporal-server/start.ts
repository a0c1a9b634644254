import { mkdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger } from 'pino';
import { backOffMs } from '../domain/back-off';
import { type Listening } from '../http/serving/http-listener';
import { type DatabaseLock, lockDatabase } from './database-lock';
import { findTemporalExecutable } from './executable';
import { chooseServerPorts, chooseWebUiAddress, rememberServerPorts } from './server-ports';
import { type ServerOptions, type TemporalServer, launchServer, waitUntilHealthy } from './server';
import { openWebUiProxy } from './web-ui-proxy';

const restartBackOff = { firstMs: 250, longestMs: 10_000 };
/** A server that lived this long was well; the next restart comes at once again. */
const wellAfterMs = 60_000;
/** Another program may take a port between its choice and its use. */
const portAttempts = 5;

export interface EmbeddedTemporalOptions {
  /** Contains the database; created if absent. One server at a time. */
  readonly dataDir: string;
  readonly namespace: string;
  /** Namespaces are added later: see {@link ServerOptions.moreNamespaces}. */
  readonly moreNamespaces?: boolean;
  readonly log: Logger;
  readonly env?: NodeJS.ProcessEnv;
}

/** A Temporal server on loopback that is kept running until it is closed. */
export interface EmbeddedTemporal {
  /** `127.0.0.1:<port>`, the same during the whole run. */
  readonly address: string;
  /** `http://127.0.0.1:<port>`, the Web UI behind its proxy; the same in the next run if the port is free. */
  readonly uiUrl: string;
  readonly namespace: string;
  /** The current server process. */
  pid(): number;
  close(): Promise<void>;
}

/**
 * Finds or downloads Temporal, starts its server on the database in `dataDir` and waits until it is healthy. Restarts
 * the server on the same ports and data if it dies. The server ends when this process dies.
 * @throws EmbeddedTemporalError that says what to do
 */
export async function startEmbeddedTemporal(options: EmbeddedTemporalOptions): Promise<EmbeddedTemporal> {
  const { dataDir, namespace, moreNamespaces = false, log, env = process.env } = options;
  const executable = await findTemporalExecutable({ env, report: (progress) => log.info(progress) });
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const lock = await lockDatabase(dataDir, (server) =>
    log.warn({ serverPid: server.pid }, 'stopping the Temporal server that an earlier run left running'),
  );
  try {
    const databaseFile = await prepareDatabase(dataDir);
    const options = { executable, databaseFile, namespace, moreNamespaces, log };
    const { server, chosen, webUiProxy } = await firstLaunch(dataDir, options, lock);
    await rm(unfinishedMark(dataDir), { force: true });
    const supervised = supervise(server, chosen, lock);
    return {
      address: `127.0.0.1:${chosen.port}`,
      uiUrl: `http://127.0.0.1:${webUiProxy.port}`,
      namespace,
      pid: () => supervised.pid(),
      async close() {
        // Pages that wait for news would keep it open.
        await webUiProxy.close(0);
        await supervised.stop();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/**
 * The server creates the schema only if the file is absent: if it is killed meanwhile, the database can never be used.
 * The mark exists until the first start has succeeded.
 */
async function prepareDatabase(dataDir: string): Promise<string> {
  const databaseFile = join(dataDir, 'temporal.db');
  const mark = unfinishedMark(dataDir);
  if (existsSync(mark)) {
    for (const suffix of ['', '-wal', '-shm', '-journal']) await rm(databaseFile + suffix, { force: true });
  }
  if (!existsSync(databaseFile)) await writeFile(mark, '');
  return databaseFile;
}

const unfinishedMark = (dataDir: string) => join(dataDir, 'temporal.db.unfinished');

async function firstLaunch(
  dataDir: string,
  options: Omit<ServerOptions, 'port' | 'webUi'>,
  lock: DatabaseLock,
): Promise<{ server: TemporalServer; chosen: ServerOptions; webUiProxy: Listening }> {
  for (let attempt = 1; ; attempt++) {
    const ports = await chooseServerPorts(dataDir);
    const chosen = { ...options, port: ports.port, webUi: await chooseWebUiAddress() };
    let webUiProxy: Listening | undefined;
    try {
      webUiProxy = await openWebUiProxy(ports.uiPort, chosen.webUi);
      const server = await launchHealthy(chosen, lock);
      await rememberServerPorts(dataDir, ports);
      return { server, chosen, webUiProxy };
    } catch (error) {
      await webUiProxy?.close(0);
      if (!isPortTaken(error as Error) || attempt === portAttempts) throw error;
    }
  }
}

/** The port of the proxy, or one of the server's process, which says so in its log. */
function isPortTaken({ message, cause }: Error): boolean {
  return (
    (cause as NodeJS.ErrnoException | undefined)?.code === 'EADDRINUSE' ||
    message.includes('address already in use')
  );
}

async function launchHealthy(options: ServerOptions, lock: DatabaseLock): Promise<TemporalServer> {
  const server = await launchServer(options);
  try {
    await lock.recordServer(server.pid);
    await waitUntilHealthy(server, options);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function supervise(
  first: TemporalServer,
  options: ServerOptions,
  lock: DatabaseLock,
): Pick<EmbeddedTemporal, 'pid'> & { stop(): Promise<void> } {
  const { log } = options;
  const closing = new AbortController();
  const asked = new Promise<'closing'>((resolve) =>
    closing.signal.addEventListener('abort', () => resolve('closing')),
  );
  const isClosing = () => closing.signal.aborted;
  let server = first;

  const supervision = (async () => {
    let failures = 0;
    let since = Date.now();
    for (;;) {
      const end = await Promise.race([server.ended, asked]);
      if (isClosing()) return;
      failures = Date.now() - since > wellAfterMs ? 0 : failures;
      failures += 1;
      const waitMs = backOffMs(restartBackOff, failures);
      log.error({ end, waitMs }, 'the embedded Temporal server died; it is started again');
      await Promise.race([sleep(waitMs, undefined, { ref: false }), asked]);
      if (isClosing()) return;
      try {
        server = await launchHealthy(options, lock);
        log.info({ serverPid: server.pid }, 'the embedded Temporal server is running again');
      } catch (error) {
        log.error({ err: error }, 'the embedded Temporal server could not be restarted');
      }
      since = Date.now();
    }
  })();

  return {
    pid: () => server.pid,
    async stop() {
      closing.abort();
      await supervision;
      await server.stop();
    },
  };
}
