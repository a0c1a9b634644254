/** Windlass as it is run for real: several `windlass api` and `windlass worker` beside Temporal on PostgreSQL. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { ensureSearchAttributes } from '../../../src/temporal/search-attributes';
import { eventually } from '../eventually';
import {
  type FakeNotificationController,
  startFakeNotificationController,
} from '../fake-notification-controller';
import { type Program, startProgram } from '../program';
import { writeFleet } from '../storm/fleet';
import { startPostgres } from './postgres';
import { startTemporalOnPostgres } from './temporal-on-postgres';

/** As the documentation advises for a small production server. */
const historyShards = 128;
/** Four services of Temporal keep twenty connections each, for either database. */
const postgresSettings = ['max_connections=300', 'shared_buffers=256MB'];
/** In a cluster, Windlass watches Pipelines. Here it compares the times of files, which must not be what is measured. */
const pipelinesPerFile = 100;
/** The server reads the search attributes of a namespace again once a minute. */
const attributesLimitMs = 120_000;

export interface Cluster {
  /** In a namespace of its own. */
  readonly client: Client;
  readonly hmacKey: string;
  /** What gets the notifications of all promotions. */
  readonly receiver: FakeNotificationController;
  /** Process ids of the servers. */
  readonly servers: { readonly postgres: number; readonly temporal: number };
  startApi(): Promise<RunningApi>;
  startWorker(): Promise<Program>;
  /** Stops the programs, and gives the next ones an empty namespace. */
  startAgain(): Promise<void>;
  close(): Promise<void>;
}

export interface RunningApi extends Program {
  readonly webhook: string;
}

/** @param pipelines how many are loaded, which promote by notification */
export async function startCluster(pipelines: number): Promise<Cluster> {
  const directory = await mkdtemp(path.join(tmpdir(), 'windlass-cluster-'));
  const hmacKey = `key-${randomUUID()}`;
  const pipelinesDir = path.join(directory, 'pipelines');
  const strategy = { kind: 'notification' } as const;
  await writeFleet(pipelinesDir, { count: pipelines, strategy, hmacKey, perFile: pipelinesPerFile });
  // In the order in which they were opened.
  const opened: (() => Promise<void>)[] = [() => rm(directory, { recursive: true, force: true })];
  const add = <T extends { close(): Promise<void> }>(part: T): T => {
    opened.push(() => part.close());
    return part;
  };
  const closeAll = async (): Promise<void> => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  const parts = await openServers(add).catch(async (error: unknown) => {
    await closeAll();
    throw error;
  });
  const { postgres, temporal, connection, receiver } = parts;
  let client = parts.client;
  let programs: Program[] = [];
  const start = async (...args: string[]): Promise<Program> => {
    const program = startProgram(
      [
        ...args,
        ...[`--pipelines-dir=${pipelinesDir}`, '--metrics-bind-address=0', '--health-probe-bind-address=0'],
      ],
      { ...process.env, TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: client.options.namespace },
    );
    programs.push(program);
    await program.ready;
    return program;
  };
  const killAll = async (): Promise<void> => {
    await Promise.all(programs.map((program) => program.kill()));
    programs = [];
  };
  return {
    get client() {
      return client;
    },
    hmacKey,
    receiver,
    servers: { postgres: postgres.pid, temporal: temporal.pid },
    async startApi() {
      const program = await start('api', '--promotion-hook-bind-address=127.0.0.1:0');
      return { ...program, webhook: (await program.ready).webhook ?? '' };
    },
    startWorker: () =>
      start(
        'worker',
        `--events-addr=${receiver.address}`,
        `--data-dir=${path.join(directory, `worker-${programs.length}`)}`,
      ),
    async startAgain() {
      await killAll();
      client = await newNamespace(connection);
    },
    async close() {
      await killAll();
      await closeAll();
    },
  };
}

async function openServers(add: <T extends { close(): Promise<void> }>(part: T) => T) {
  const postgres = add(await startPostgres(postgresSettings));
  const temporal = add(await startTemporalOnPostgres({ postgres, historyShards }));
  const connection = add(await Connection.connect({ address: temporal.address }));
  const receiver = add(await startFakeNotificationController());
  return { postgres, temporal, connection, receiver, client: await newNamespace(connection) };
}

async function newNamespace(connection: Connection): Promise<Client> {
  const namespace = `cluster-${randomUUID()}`;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  const client = new Client({ connection, namespace });
  await eventually(() => ensureSearchAttributes(client), attributesLimitMs);
  await eventually(() => client.workflow.count(`WindlassState = 'none'`), attributesLimitMs);
  return client;
}
