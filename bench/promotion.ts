import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { markerValue } from '../src/manifests/marker';
import { cloneEditPush } from './clone';
import { application, createFleetRepository } from './fleet';
import { type ForgesInput } from './forge-thread';
import { median, printTable, timed, verdict } from './measure';
import { createPromoter, type Promoter } from './promoter';
import { type BenchOptions } from './run-options';

const token = 'benchmark';
const repository = 'acme/fleet';
const latenciesMs = [0, 40];

/** One repository on one forge, with what was measured on it: milliseconds. */
interface Subject {
  readonly manifests: number;
  readonly latencyMs: number;
  readonly url: string;
  readonly promoter: Promoter;
  readonly warm: number[];
  readonly cold: number[];
  readonly clone: number[];
}

/**
 * An event's way to its pull request, by the activity itself, in a small and a large repository, near and far, against
 * a clone of the same repository. Interleaved, so that a busy machine slows all of them alike.
 */
export async function main({ quick }: BenchOptions): Promise<void> {
  const sizes = quick ? { small: 200, large: 2_000 } : { small: 200, large: 20_000 };
  const rounds = quick ? 3 : 9;
  const directory = await mkdtemp(path.join(tmpdir(), 'windlass-bench-'));
  const forges = await startForges(directory, [sizes.small, sizes.large]);
  const { subjects } = forges;
  for (let release = 1; release <= rounds; release += 1) {
    for (const subject of subjects) await measure(subject, release, directory);
  }
  await forges.thread.terminate();
  await rm(directory, { recursive: true, force: true });
  report(subjects, sizes.large);
}

async function startForges(
  directory: string,
  sizes: readonly number[],
): Promise<{ readonly thread: Worker; readonly subjects: readonly Subject[] }> {
  const places: { manifests: number; latencyMs: number; directory: string }[] = [];
  for (const manifests of sizes) {
    const original = path.join(directory, `${manifests}.git`);
    await createFleetRepository(original, manifests);
    for (const latencyMs of latenciesMs) {
      const forge = path.join(directory, `forge-${manifests}-${latencyMs}`);
      await mkdir(forge);
      await cp(original, path.join(forge, `${repository}.git`), { recursive: true });
      places.push({ manifests, latencyMs, directory: forge });
    }
  }
  const workerData: ForgesInput = { token, forges: places };
  const thread = new Worker(path.join(__dirname, 'run.mjs'), {
    argv: [path.join(__dirname, 'forge-thread.ts')],
    workerData,
  });
  const [urls] = (await once(thread, 'message')) as [readonly string[]];
  return {
    thread,
    subjects: places.map((place, index) => {
      const url = urls[index] ?? '';
      const promoter = createPromoter(`${url}/${repository}.git`, token, `${place.directory}-cache`);
      return { ...place, url, promoter, warm: [], cold: [], clone: [] };
    }),
  };
}

/** One promotion from nothing, one with the cache that it left, and one clone; what was promoted is merged each time. */
async function measure(subject: Subject, release: number, directory: string): Promise<void> {
  const { promoter } = subject;
  await promoter.forget();
  const cold = await timed(() => promoter.promote(2 * release));
  subject.cold.push(cold.ms);
  await mergePullRequest(subject.url, cold.result);
  const warm = await timed(() => promoter.promote(2 * release + 1));
  subject.warm.push(warm.ms);
  await mergePullRequest(subject.url, warm.result);
  subject.clone.push(
    await cloneEditPush({
      repositoryUrl: `${subject.url}/${repository}.git`,
      token,
      directory: path.join(directory, 'clone'),
      branch: `by-clone-${release}`,
      marker: markerValue({
        namespace: application.namespace,
        pipeline: application.name,
        environment: 'staging',
      }),
      version: `8.0.${release}`,
    }),
  );
}

async function mergePullRequest(url: string, number: number): Promise<void> {
  const answer = await fetch(`${url}/api/v3/repos/${repository}/pulls/${number}/merge`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'user-agent': 'windlass-bench' },
  });
  if (!answer.ok) throw new Error(await answer.text());
}

function report(subjects: readonly Subject[], large: number): void {
  const find = (manifests: number, latencyMs: number): Subject => {
    const found = subjects.find((each) => each.manifests === manifests && each.latencyMs === latencyMs);
    if (found === undefined) throw new Error(`Nothing was measured at ${manifests} manifests.`);
    return found;
  };
  const ratioToSmall = (subject: Subject): number =>
    median(subject.warm) / median(find(200, subject.latencyMs).warm);
  const ratioToClone = (subject: Subject): number => median(subject.clone) / median(subject.warm);
  printTable(
    [
      'round trip, ms',
      'manifests',
      'warm, ms',
      'cold, ms',
      'clone + edit + push, ms',
      'warm / warm at 200',
      'clone / warm',
    ],
    subjects.map((subject) => [
      String(subject.latencyMs),
      String(subject.manifests),
      median(subject.warm).toFixed(0),
      median(subject.cold).toFixed(0),
      median(subject.clone).toFixed(0),
      ratioToSmall(subject).toFixed(2),
      ratioToClone(subject).toFixed(1),
    ]),
  );
  verdict(`warm, 0 ms: ${large} manifests / 200`, ratioToSmall(find(large, 0)), { atMost: 4 });
  verdict(`warm, 40 ms: ${large} manifests / 200`, ratioToSmall(find(large, 40)), { atMost: 1.5 });
  verdict(`40 ms, ${large} manifests: clone / warm`, ratioToClone(find(large, 40)), { atLeast: 10 });
}
