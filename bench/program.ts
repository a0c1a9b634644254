import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pino from 'pino';
import { startEmbeddedTemporal } from '../src/temporal-server/start';
import { createInstallation, type Installation, repository } from '../test/support/installation';
import { fleetFiles } from './fleet';
import { median, printTable, verdict } from './measure';
import { watchMemory } from './process-memory';
import { type BenchOptions } from './run-options';

const megabyte = 1_000_000;

/**
 * The built program, api and worker as processes of their own, on Temporal: how long from the POST to the open pull
 * request, and how much memory the worker took for it.
 */
export async function main({ quick }: BenchOptions): Promise<void> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'windlass-bench-'));
  const temporal = await startEmbeddedTemporal({
    dataDir,
    namespace: 'bench',
    moreNamespaces: true,
    log: pino({ level: 'warn' }),
  });
  // Where installations look for their server.
  process.env['WINDLASS_TEST_TEMPORAL_ADDRESS'] = temporal.address;
  const sizes = quick ? [200, 2_000] : [200, 20_000];
  try {
    const rows: Measured[] = [];
    for (const manifests of sizes) rows.push(await measure(manifests, quick ? 3 : 9));
    printTable(
      [
        'manifests',
        'first promotion, ms',
        'later promotions, ms',
        'worker, peak MB',
        'with its Git processes, peak MB',
      ],
      rows.map(({ manifests, durations, worker, family }) => [
        String(manifests),
        (durations[0] ?? Number.NaN).toFixed(0),
        median(durations.slice(1)).toFixed(0),
        (worker / megabyte).toFixed(0),
        (family / megabyte).toFixed(0),
      ]),
    );
    const peak = Math.max(...rows.map(({ worker }) => worker));
    verdict('peak memory of the worker, MB', peak / megabyte, { atMost: 300 });
  } finally {
    await temporal.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

interface Measured {
  readonly manifests: number;
  /** From the POST to the open pull request, milliseconds. */
  readonly durations: readonly number[];
  /** Bytes. */
  readonly worker: number;
  readonly family: number;
}

async function measure(manifests: number, rounds: number): Promise<Measured> {
  const installation = await createInstallation();
  try {
    await installation.forge.commit(repository, 'main', fleetFiles(manifests), 'Add the fleet');
    await installation.startApi();
    const { pid } = await installation.startWorker();
    const memory = watchMemory(pid);
    const durations: number[] = [];
    for (let release = 1; release <= rounds; release += 1) {
      durations.push(await promote(installation, release));
    }
    return { manifests, durations, ...(await memory.stop()) };
  } finally {
    await installation.close();
  }
}

/** Posts the event, waits for the pull request, and merges it. */
async function promote(installation: Installation, release: number): Promise<number> {
  const { forge } = installation;
  const start = performance.now();
  const opened = new Promise<{ number: number; at: number }>((resolve) => {
    const stop = forge.onPullRequest(({ pullRequest }) => {
      stop();
      resolve({ number: pullRequest.number, at: performance.now() });
    });
  });
  const answer = await installation.report({ version: `2.0.${release}`, release });
  if (answer.status !== 202) throw new Error(`The webhook answered ${answer.status}.`);
  const { number, at } = await opened;
  await forge.mergePullRequest(repository, number);
  return at - start;
}
