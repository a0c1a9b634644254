import { processesBelow } from '../test/support/child-processes';
import { type Cluster, type RunningApi, startCluster } from '../test/support/cluster/cluster';
import { type Program } from '../test/support/program';
import { pipelineNames } from '../test/support/storm/fleet';
import { type QueueWaits, readQueueWaits } from '../test/support/storm/queue-waits';
import { laneFaults, newestPromoted, sendStorm, type Sent } from '../test/support/storm/storm';
import { percentile, printTable } from './measure';
import { cpuSeconds } from './process-cpu';
import { residentBytes } from './process-memory';
import { type BenchOptions } from './run-options';
import { printQueueWaits } from './storm-report';

const atOnce = 64;
const megabyte = 1_000_000;

interface Course {
  readonly title: string;
  readonly workers: number;
  /** One api and one worker are killed half-way and come back. */
  readonly killed?: boolean;
}

const courses: readonly Course[] = [
  { title: 'one worker', workers: 1 },
  { title: 'two workers', workers: 2 },
  { title: 'two workers, an api and a worker killed', workers: 2, killed: true },
];

/**
 * Two `windlass api` and one or two `windlass worker` beside Temporal on PostgreSQL, all on this machine: each Pipeline
 * sends two events. Fails where an event was lost or a version was promoted twice.
 */
export async function main({ quick }: BenchOptions): Promise<void> {
  const pipelines = quick ? 100 : 5_000;
  const cluster = await startCluster(pipelines);
  try {
    for (const [index, course] of courses.entries()) {
      if (index > 0) await cluster.startAgain();
      const measured = await measure(cluster, course, pipelines, quick ? 1 : 10);
      printQueueWaits(course.title, measured.waits);
      report(measured);
    }
  } finally {
    await cluster.close();
  }
}

/** Seconds of CPU. */
interface Cpu {
  readonly postgres: number;
  readonly temporal: number;
  readonly apis: number;
  readonly workers: number;
}

interface Measured {
  readonly title: string;
  readonly sent: Sent;
  readonly promotedMs: number;
  readonly cpu: Cpu;
  /** Resident bytes of an api and a worker at the end. */
  readonly memory: { readonly api: number; readonly worker: number };
  readonly waits: QueueWaits;
  readonly faults: readonly string[];
}

async function measure(
  cluster: Cluster,
  course: Course,
  count: number,
  readEvery: number,
): Promise<Measured> {
  const { client, hmacKey, servers } = cluster;
  const apis = new Set<RunningApi>([await cluster.startApi(), await cluster.startApi()]);
  const workers = new Set<Program>();
  while (workers.size < course.workers) workers.add(await cluster.startWorker());
  const pipelines = pipelineNames(count);
  const sumOf = async (programs: Iterable<Program>): Promise<number> =>
    sum(await Promise.all([...programs].map(({ pid }) => cpuSeconds(pid))));
  const cpu = async (): Promise<Cpu> => ({
    postgres: await familyCpu(servers.postgres),
    temporal: await cpuSeconds(servers.temporal),
    apis: await sumOf(apis),
    workers: await sumOf(workers),
  });
  const before = await cpu();
  const start = performance.now();
  let halfWay: Promise<void> | undefined;
  const sent = await sendStorm({
    pipelines,
    webhooks: () => [...apis].map(({ webhook }) => webhook),
    hmacKey,
    atOnce,
    onDelivery: (deliveries) => {
      if (course.killed === true && deliveries === count) halfWay = replaceOne(cluster, apis, workers);
    },
  });
  await halfWay;
  await newestPromoted(client, count);
  const promotedMs = performance.now() - start;
  const after = await cpu();
  const [api] = apis;
  const [worker] = workers;
  return {
    title: course.title,
    sent,
    promotedMs,
    cpu: {
      postgres: after.postgres - before.postgres,
      temporal: after.temporal - before.temporal,
      apis: after.apis - before.apis,
      workers: after.workers - before.workers,
    },
    memory: { api: await residentBytes(api?.pid ?? 0), worker: await residentBytes(worker?.pid ?? 0) },
    waits: await readQueueWaits(client, readEvery),
    faults: await laneFaults(client, pipelines),
  };
}

async function replaceOne(cluster: Cluster, apis: Set<RunningApi>, workers: Set<Program>): Promise<void> {
  const [api] = apis;
  const [worker] = workers;
  if (api === undefined || worker === undefined) return;
  // As a Service does, which sends nothing to a Pod that has ended.
  apis.delete(api);
  workers.delete(worker);
  await Promise.all([api.kill(), worker.kill()]);
  apis.add(await cluster.startApi());
  workers.add(await cluster.startWorker());
}

/** PostgreSQL has a process for each connection. */
async function familyCpu(pid: number): Promise<number> {
  const below = await processesBelow(pid);
  return sum(await Promise.all([pid, ...below.map((child) => child.pid)].map(cpuSeconds)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function report(measured: Measured): void {
  console.log('');
  printTable(
    [
      'two apis and',
      'events',
      'taken per second',
      'lost',
      'answer p50, ms',
      'p99, ms',
      'all newest promoted, s',
      'promotions per second',
      'faults',
      'CPU of PostgreSQL, s',
      'Temporal',
      'apis',
      'workers',
      'an api, MB',
      'a worker, MB',
    ],
    [measured].map(({ title, sent, promotedMs, cpu, memory, waits, faults }) => {
      const answers = sent.deliveries.flatMap(({ answersMs }) => answersMs);
      const promotions = waits.promotions / (promotedMs / 1_000);
      return [
        title,
        String(sent.deliveries.length),
        ((sent.deliveries.length - sent.lost.length) / (sent.ms / 1_000)).toFixed(0),
        String(sent.lost.length),
        percentile(answers, 0.5).toFixed(0),
        percentile(answers, 0.99).toFixed(0),
        (promotedMs / 1_000).toFixed(0),
        promotions.toFixed(1),
        String(faults.length),
        ...[cpu.postgres, cpu.temporal, cpu.apis, cpu.workers].map((seconds) => seconds.toFixed(0)),
        ...[memory.api, memory.worker].map((bytes) => (bytes / megabyte).toFixed(0)),
      ];
    }),
  );
  const { title, sent, faults } = measured;
  for (const fault of [...sent.lost.map((event) => `lost: ${event}`), ...faults]) {
    console.error(`FAILED ${title}: ${fault}`);
    process.exitCode = 1;
  }
}
