import { mkdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger } from 'pino';
import { backOffMs } from '../domain/back-off';
import { type DatabaseLock, lockDatabase } from './database-lock';
import { findTemporalExecutable } from './executable';
import { type ServerPorts, chooseServerPorts, rememberServerPorts } from './server-ports';
import { type ServerOptions, type TemporalServer, launchServer, waitUntilHealthy } from './server';

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
    const { server, chosen } = await firstLaunch(
      dataDir,
      { executable, databaseFile, namespace, moreNamespaces, log },
      lock,
    );
    await rm(unfinishedMark(dataDir), { force: true });
    const supervised = supervise(server, chosen, lock);
    return {
      address: `127.0.0.1:${chosen.port}`,
      uiUrl: `http://127.0.0.1:${chosen.uiPort}`,
      namespace,
      ...supervised,
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
  options: Omit<ServerOptions, keyof ServerPorts>,
  lock: DatabaseLock,
): Promise<{ server: TemporalServer; chosen: ServerOptions }> {
  for (let attempt = 1; ; attempt++) {
    const ports = await chooseServerPorts(dataDir);
    const chosen = { ...options, ...ports };
    try {
      const server = await launchHealthy(chosen, lock);
      await rememberServerPorts(dataDir, ports);
      return { server, chosen };
    } catch (error) {
      const portTaken = (error as Error).message.includes('address already in use');
      if (!portTaken || attempt === portAttempts) throw error;
    }
  }
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
): Pick<EmbeddedTemporal, 'pid' | 'close'> {
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
    async close() {
      closing.abort();
      await supervision;
      await server.stop();
      await lock.release();
    },
  };
}
