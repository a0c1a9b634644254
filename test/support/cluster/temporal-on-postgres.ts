/** Temporal's server as it is run for real: on PostgreSQL, built from its Go module. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { eventually } from '../eventually';
import { freePort } from '../../../src/temporal-server/server-ports';
import { findServers } from '../server-programs';
import { startServerProcess } from '../server-process';
import { type Postgres } from './postgres';

const run = promisify(execFile);
const readyLimitMs = 120_000;

/** The databases that a server has, and where the program keeps their schemas. */
export const databases = {
  temporal: 'postgresql/v12/temporal',
  temporal_visibility: 'postgresql/v12/visibility',
};

const ports = [
  'FRONTEND_GRPC_PORT',
  'FRONTEND_HTTP_PORT',
  'FRONTEND_MEMBERSHIP_PORT',
  'MATCHING_GRPC_PORT',
  'MATCHING_MEMBERSHIP_PORT',
  'HISTORY_GRPC_PORT',
  'HISTORY_MEMBERSHIP_PORT',
  'WORKER_GRPC_PORT',
  'WORKER_MEMBERSHIP_PORT',
] as const;

export interface TemporalOnPostgres {
  readonly address: string;
  readonly pid: number;
  close(): Promise<void>;
}

export interface TemporalOptions {
  readonly postgres: Postgres;
  /** Fixed when the databases are made. */
  readonly historyShards: number;
  /** Dynamic configuration by key. */
  readonly dynamicConfig?: Readonly<Record<string, unknown>>;
  /** Of a server that has been closed, to take its place. */
  readonly ports?: Ports;
}

/** By the names of the server's settings. */
export type Ports = Readonly<Record<string, string>>;

/** Makes the databases and starts the server; done once it answers. */
export async function startTemporalOnPostgres(options: TemporalOptions): Promise<TemporalOnPostgres> {
  await makeDatabases(options.postgres);
  return startTemporal(options);
}

export async function makeDatabases(postgres: Postgres): Promise<void> {
  const programs = await findServers('temporal-sql-tool');
  for (const [database, schema] of Object.entries(databases)) {
    await makeDatabase(programs['temporal-sql-tool'], postgres, database, schema);
  }
}

/** On databases that exist; done once it answers. */
export async function startTemporal(options: TemporalOptions): Promise<TemporalOnPostgres> {
  const { postgres, historyShards, dynamicConfig = {} } = options;
  const programs = await findServers('temporal-server');
  const directory = await mkdtemp(path.join(tmpdir(), 'windlass-temporal-'));
  const configFile = path.join(directory, 'dynamic-config.yaml');
  // JSON is YAML.
  const values = Object.entries(dynamicConfig).map(([key, value]) => [key, [{ value }]]);
  await writeFile(configFile, JSON.stringify(Object.fromEntries(values)));
  const chosen = options.ports ?? (await choosePorts());
  const address = `127.0.0.1:${chosen['FRONTEND_GRPC_PORT'] ?? ''}`;
  const server = startServerProcess(programs['temporal-server'], ['--allow-no-auth', 'start'], {
    PATH: process.env['PATH'],
    DB: 'postgres12',
    DB_PORT: String(postgres.port),
    POSTGRES_SEEDS: '127.0.0.1',
    POSTGRES_USER: postgres.user,
    POSTGRES_PWD: 'trusted',
    BIND_ON_IP: '127.0.0.1',
    NUM_HISTORY_SHARDS: String(historyShards),
    LOG_LEVEL: 'error',
    DYNAMIC_CONFIG_FILE_PATH: configFile,
    ...chosen,
  });
  const close = async (): Promise<void> => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await eventually(async () => {
      server.requireRunning();
      const connection = await Connection.connect({ address, connectTimeout: '2s' });
      await connection.workflowService.getSystemInfo({}).finally(() => connection.close());
    }, readyLimitMs);
  } catch (error) {
    await close();
    throw error;
  }
  return { address, pid: server.pid, close };
}

/** Different ones: each is free until the server listens on it. */
export async function choosePorts(): Promise<Ports> {
  const taken = new Set<number>();
  while (taken.size < ports.length) {
    // Its database keeps a port in two bytes with a sign.
    taken.add(await freePort('127.0.0.1'));
  }
  return Object.fromEntries([...taken].map((port, index) => [ports[index] ?? '', String(port)]));
}

async function makeDatabase(
  tool: string,
  postgres: Postgres,
  database: string,
  schema: string,
): Promise<void> {
  const asked = [
    ...['--plugin', 'postgres12', '--ep', '127.0.0.1', '-p', String(postgres.port)],
    ...['-u', postgres.user, '--pw', 'trusted', '--db', database],
  ];
  await run(tool, [...asked, 'create']);
  await run(tool, [...asked, 'setup-schema', '-v', '0.0']);
  await run(tool, [...asked, 'update-schema', '--schema-name', schema]);
}
