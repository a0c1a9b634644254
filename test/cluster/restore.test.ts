/** Temporal's databases on PostgreSQL, saved and restored by the commands of docs/operations.md. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { promotionId } from '../../src/workflows/contract/ids';
import { approveUpdate } from '../../src/workflows/contract/messages';
import {
  createInstallation,
  branchOf,
  type Installation,
  pipelineManifest,
  pullRequestPromotion,
} from '../support/installation';
import { eventually } from '../support/eventually';
import { laneState, openPullRequests } from '../support/lane-outcomes';
import { restoresAnOlderDatabase } from '../support/older-database';
import { type Program } from '../support/program';
import { type Postgres, startPostgres } from '../support/cluster/postgres';
import {
  choosePorts,
  databases,
  makeDatabases,
  type Ports,
  startTemporal,
  type TemporalOnPostgres,
} from '../support/cluster/temporal-on-postgres';

/** The server knows new search attributes at once. */
const dynamicConfig = { 'system.forceSearchAttributesCacheRefreshOnRead': true };
const postgresSettings = ['max_connections=150'];
const historyShards = 4;

let directory: string;
let postgres: Postgres;
let ports: Ports;
let temporal: TemporalOnPostgres | undefined;
let installation: Installation;
let programs: readonly Program[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'windlass-backup-'));
  postgres = await startPostgres(postgresSettings);
  await makeDatabases(postgres);
  ports = await choosePorts();
  temporal = await startServer();
  process.env['WINDLASS_TEST_TEMPORAL_ADDRESS'] = temporal.address;
  installation = await createInstallation({
    pipeline: (forge) => withApprovalForProd(pipelineManifest(pullRequestPromotion(forge))),
  });
}, 240_000);
afterAll(async () => {
  await installation.close();
  await temporal?.close();
  await postgres.close();
  await rm(directory, { recursive: true, force: true });
});

const startServer = (): Promise<TemporalOnPostgres> =>
  startTemporal({ postgres, historyShards, dynamicConfig, ports });

/** Into prod, two people approve. */
function withApprovalForProd(manifest: string): string {
  const { spec, ...rest } = parse(manifest) as {
    readonly spec: { readonly environments: readonly object[] };
  };
  const withGate = spec.environments.map((each) =>
    'name' in each && each.name === 'prod' ? { ...each, gates: { approvals: { required: 2 } } } : each,
  );
  return stringify({ ...rest, spec: { ...spec, environments: withGate } });
}

async function start(): Promise<Installation> {
  temporal ??= await startServer();
  programs = await Promise.all([installation.startApi(), installation.startWorker()]);
  return installation;
}

async function stop(): Promise<void> {
  await Promise.all(programs.map((program) => program.stop()));
  await temporal?.close();
  temporal = undefined;
}

const dumpOf = (database: string): string => join(directory, `${database}.dump`);

async function backup(): Promise<void> {
  for (const database of Object.keys(databases))
    await postgres.client('pg_dump', '--format=custom', `--file=${dumpOf(database)}`, database);
}

/** The machine is lost: a new server has empty databases only. */
async function restore(): Promise<void> {
  const { port } = postgres;
  await postgres.close();
  postgres = await startPostgres(postgresSettings, port);
  await makeDatabases(postgres);
  for (const database of Object.keys(databases))
    await postgres.client('pg_restore', '--clean', '--if-exists', `--dbname=${database}`, dumpOf(database));
}

const waiting = '1.0.5';

/** @returns what the promotion into prod answers */
async function approve(now: Installation, by: string): Promise<string> {
  const { inHand } = await laneState(now, 'prod');
  const id = promotionId({ namespace: 'apps', name: 'shop' }, 'prod', waiting, inHand?.event.identity ?? '');
  const args: [{ version: string; by: string }] = [{ version: waiting, by }];
  const { said } = await now.client.workflow.getHandle(id).executeUpdate(approveUpdate, { args });
  return said;
}

const forProd = (): readonly number[] =>
  openPullRequests(installation).flatMap(({ head, number }) => (head === branchOf('prod') ? [number] : []));

it('databases that are restored on a new server repeat nothing, catch up with Git, and take lost events and approvals again', async () => {
  await restoresAnOlderDatabase(
    { start, stop, backup, restore },
    {
      async beforeBackup(now) {
        await now.report({ version: waiting, environment: 'staging', release: 5 });
        expect(await eventually(() => approve(now, 'alice'))).toContain('1 of 2 approvals');
      },
      async afterBackup(now) {
        expect(await approve(now, 'bob')).toContain('2 of 2 approvals');
        await eventually(() => expect(forProd()).toHaveLength(1));
      },
      async afterRestore(now) {
        const before = forProd();
        // Again, because the backup does not know it.
        expect(await approve(now, 'bob')).toContain('2 of 2 approvals');
        await eventually(async () => {
          const { proposal } = await laneState(now, 'prod');
          expect([proposal?.number]).toEqual(before);
        });
        expect(forProd()).toEqual(before);
      },
    },
  );
});
