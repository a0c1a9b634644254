import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { type Logger } from 'pino';
import { attributeTypes, searchAttributes } from '../workflows/contract/search-attributes';
import { EmbeddedTemporalError } from './embedded-temporal-error';
import { type LoopbackAddress } from './server-ports';
import { startWatchdog } from './watchdog';

/** Loading an old, large database takes time on a small machine. */
const healthDeadlineMs = 120_000;
const healthPollMs = 100;
const stopGraceMs = 15_000;
const keptLogLines = 20;

export interface ServerOptions {
  readonly executable: string;
  readonly databaseFile: string;
  readonly namespace: string;
  /**
   * Namespaces are added later, and their search attributes are known at once. Costs several reads of the database for
   * each event.
   */
  readonly moreNamespaces?: boolean;
  readonly port: number;
  readonly webUi: LoopbackAddress;
  readonly log: Logger;
}

/** One process of Temporal's development server. */
export interface TemporalServer {
  readonly pid: number;
  /** Resolves with the reason once the process has ended. */
  readonly ended: Promise<string>;
  /** Resolves once the process has ended; kills it if necessary. */
  stop(): Promise<void>;
}

/**
 * Starts a server on loopback. Workflow executions are in the database file; the search attributes are created together
 * with the namespace.
 * @throws EmbeddedTemporalError if it cannot be started
 */
export async function launchServer(options: ServerOptions): Promise<TemporalServer> {
  const child = spawn(options.executable, commandLine(options), {
    // The server must not inherit our environment, such as a key or the address of another Temporal server.
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: process.env['TMPDIR'] },
    stdio: ['ignore', 'ignore', 'pipe'],
    // Ctrl-C in the terminal signals the whole process group at once, but Temporal must stop last.
    detached: true,
  });
  const lastLines = forwardLog(child, options.log);
  const ended = new Promise<string>((resolve) => {
    child.once('close', (code, signal) => resolve(describeEnd(code, signal, lastLines)));
  });
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw new EmbeddedTemporalError(
      `Temporal cannot be started from ${options.executable} (${(error as Error).message}). Check that file, or set WINDLASS_TEMPORAL_CLI to another one.`,
      { cause: error },
    );
  }
  const pid = child.pid as number;
  const stopWatchdog = startWatchdog(pid);
  void ended.then(stopWatchdog);
  return {
    pid,
    ended,
    async stop() {
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), stopGraceMs);
      await ended;
      clearTimeout(force);
    },
  };
}

/**
 * The webhook answers once an event is on disk, whatever happens to the machine: each transaction is flushed (FULL). With
 * the write-ahead log that is one flush of one file.
 */
const pragmas = ['journal_mode=wal', 'synchronous=full'];

function dynamicConfig({ moreNamespaces = false }: ServerOptions): readonly string[] {
  return [
    // Its HTTP API takes a start of a workflow from any web page that the machine's browser shows. No flag turns it off;
    // to answer no Host at all is the nearest to that.
    'frontend.httpAllowedHosts=["windlass.invalid"]',
    // The development server reads the search attributes from its database each time that it needs one, and all calls
    // share one connection. Ours are made with the namespace and stay.
    `system.forceSearchAttributesCacheRefreshOnRead=${moreNamespaces}`,
    // Partitions spread a queue over servers; here is one, and each partition has records of its own in the database.
    'matching.numTaskqueueReadPartitions=1',
    'matching.numTaskqueueWritePartitions=1',
  ];
}

function commandLine(options: ServerOptions): string[] {
  const { databaseFile, namespace, port, webUi } = options;
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port)],
    ...['--ui-ip', webUi.host, '--ui-port', String(webUi.port)],
    ...[
      '--db-filename',
      databaseFile,
      '--namespace',
      namespace,
      '--log-level',
      'warn',
      '--log-format',
      'json',
    ],
    ...pragmas.flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...dynamicConfig(options).flatMap((value) => ['--dynamic-config-value', value]),
    ...searchAttributes.flatMap(({ name, type }) => [
      '--search-attribute',
      `${name}=${attributeTypes[type]}`,
    ]),
  ];
}

/** The development server warns about much that is normal for it, so its lines are logged at debug level. */
function forwardLog(child: ChildProcess, log: Logger): readonly string[] {
  const kept: string[] = [];
  if (child.stderr) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (kept.push(line) > keptLogLines) kept.shift();
      log.debug({ temporal: line }, 'Temporal server');
    });
  }
  return kept;
}

function describeEnd(
  code: number | null,
  signal: NodeJS.Signals | null,
  lastLines: readonly string[],
): string {
  const how = signal ? `was ended by ${signal}` : `ended with exit code ${code ?? 'unknown'}`;
  return [how, ...lastLines].join('\n');
}

/**
 * Waits until the server answers for its namespace.
 * @throws EmbeddedTemporalError if it ends before that, or takes longer than two minutes
 */
export async function waitUntilHealthy(
  server: TemporalServer,
  { namespace, port }: Pick<ServerOptions, 'namespace' | 'port'>,
): Promise<void> {
  const deadline = Date.now() + healthDeadlineMs;
  let fault = '';
  let end: string | undefined;
  void server.ended.then((reason) => (end = reason));
  while (Date.now() < deadline) {
    try {
      const connection = await Connection.connect({ address: `127.0.0.1:${port}`, connectTimeout: '2 s' });
      try {
        await connection.withDeadline(Date.now() + 2_000, () =>
          connection.workflowService.describeNamespace({ namespace }),
        );
        return;
      } finally {
        await connection.close();
      }
    } catch (error) {
      fault = (error as Error).message;
    }
    if (end !== undefined) throw new EmbeddedTemporalError(`The embedded Temporal server ${end}`);
    await sleep(healthPollMs);
  }
  throw new EmbeddedTemporalError(
    `The embedded Temporal server did not become healthy within ${healthDeadlineMs / 1000} s (${fault}).`,
  );
}
