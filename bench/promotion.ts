import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BareRepository } from '../demo/forge/bare-repository';
import { markerValue } from '../src/manifests/marker';
import { cloneEditPush } from './clone';
import { application, createFleetRepository } from './fleet';
import { startForges } from './forges';
import { median, printTable, timed, verdict } from './measure';
import { createPromoter, type Promoter } from './promoter';
import { type BenchOptions } from './run-options';

const token = 'benchmark';
const repository = 'acme/fleet';
const latenciesMs = [0, 40];

/** One repository on one forge, with what was measured on it: milliseconds, but for the requests. */
interface Subject {
  readonly manifests: number;
  readonly latencyMs: number;
  readonly url: string;
  readonly bare: BareRepository;
  readonly promoter: Promoter;
  readonly cold: number[];
  readonly warm: number[];
  /** How many requests a warm promotion takes. */
  readonly requests: number[];
  readonly clone: number[];
}

/**
 * An event's way to its pull request, by the activity itself, in a small and a large repository, near and far, against
 * a clone of the same repository. Interleaved, so that a busy machine slows all of them alike.
 */
export async function main({ quick }: BenchOptions): Promise<void> {
  const [small, large] = quick ? [200, 2_000] : [200, 20_000];
  const rounds = quick ? 2 : 7;
  const directory = await mkdtemp(path.join(tmpdir(), 'windlass-bench-'));
  const places = [...(await makePlaces(directory, small)), ...(await makePlaces(directory, large))];
  const forges = await startForges({ token, forges: places });
  const subjects = places.map((place, index) => subjectAt(place, forges.urls[index] ?? ''));
  for (let release = 1; release <= rounds; release += 1) {
    for (const [index, subject] of subjects.entries()) {
      await promoteColdAndWarm(subject, release, async () => (await forges.countRequests())[index] ?? 0);
      subject.clone.push(await cloneOnce(subject, release, directory));
    }
  }
  await forges.close();
  await rm(directory, { recursive: true, force: true });
  report(subjects, small, large);
}

interface Place {
  readonly manifests: number;
  readonly latencyMs: number;
  /** Of the forge. */
  readonly directory: string;
}

/** One forge for each latency, all with the same repository. */
async function makePlaces(directory: string, manifests: number): Promise<Place[]> {
  const original = path.join(directory, `${manifests}.git`);
  await createFleetRepository(original, manifests);
  return Promise.all(
    latenciesMs.map(async (latencyMs) => {
      const forge = path.join(directory, `forge-${manifests}-${latencyMs}`);
      await mkdir(forge);
      await cp(original, path.join(forge, `${repository}.git`), { recursive: true });
      return { manifests, latencyMs, directory: forge };
    }),
  );
}

function subjectAt(place: Place, url: string): Subject {
  return {
    ...place,
    url,
    bare: new BareRepository(path.join(place.directory, `${repository}.git`)),
    promoter: createPromoter(`${url}/${repository}.git`, token, `${place.directory}-cache`),
    cold: [],
    warm: [],
    requests: [],
    clone: [],
  };
}

/** One promotion from nothing, and one with the cache that it left. */
async function promoteColdAndWarm(
  subject: Subject,
  release: number,
  countRequests: () => Promise<number>,
): Promise<void> {
  const { promoter } = subject;
  await promoter.forget();
  const cold = await timed(() => promoter.promote(2 * release));
  subject.cold.push(cold.ms);
  await moveOn(subject, cold.result, release);
  const before = await countRequests();
  const warm = await timed(() => promoter.promote(2 * release + 1));
  subject.warm.push(warm.ms);
  subject.requests.push((await countRequests()) - before);
  await moveOn(subject, warm.result, release);
}

/** The pull request is merged, its branch stays (as GitHub leaves it), and somebody changes another application. */
async function moveOn({ url, bare }: Subject, number: number, release: number): Promise<void> {
  const answer = await fetch(`${url}/api/v3/repos/${repository}/pulls/${number}/merge`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, 'user-agent': 'windlass-bench' },
  });
  if (!answer.ok) throw new Error(await answer.text());
  await bare.commit('main', { 'teams/team-0/app-1/note.yaml': `release: ${release}\n` }, 'Note a release');
}

function cloneOnce({ url }: Subject, release: number, directory: string): Promise<number> {
  return cloneEditPush({
    repositoryUrl: `${url}/${repository}.git`,
    token,
    directory: path.join(directory, 'clone'),
    branch: `by-clone-${release}`,
    marker: markerValue({
      namespace: application.namespace,
      pipeline: application.name,
      environment: 'staging',
    }),
    version: `8.0.${release}`,
  });
}

function report(subjects: readonly Subject[], small: number, large: number): void {
  const find = (manifests: number, latencyMs: number): Subject => {
    const found = subjects.find((each) => each.manifests === manifests && each.latencyMs === latencyMs);
    if (found === undefined) throw new Error(`Nothing was measured at ${manifests} manifests.`);
    return found;
  };
  const toSmall = (subject: Subject): number =>
    median(subject.warm) / median(find(small, subject.latencyMs).warm);
  const toClone = (subject: Subject): number => median(subject.clone) / median(subject.warm);
  printTable(
    [
      'round trip, ms',
      'manifests',
      'requests',
      'warm, ms',
      'cold, ms',
      'clone + edit + push, ms',
      `warm / warm at ${small}`,
      'clone / warm',
    ],
    subjects.map((subject) => [
      String(subject.latencyMs),
      String(subject.manifests),
      median(subject.requests).toFixed(0),
      median(subject.warm).toFixed(0),
      median(subject.cold).toFixed(0),
      median(subject.clone).toFixed(0),
      toSmall(subject).toFixed(2),
      toClone(subject).toFixed(1),
    ]),
  );
  // The targets are for the full size.
  if (large < 20_000) return;
  verdict(`warm at 0 ms, ${large} manifests / ${small}`, toSmall(find(large, 0)), { atMost: 4 });
  verdict(`warm at 40 ms, ${large} manifests / ${small}`, toSmall(find(large, 40)), { atMost: 1.5 });
  verdict(`${large} manifests at 40 ms, clone / warm`, toClone(find(large, 40)), { atLeast: 10 });
}
