import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BareRepository } from '../demo/forge/bare-repository';
import { markerValue } from '../src/manifests/marker';
import { type Measurement } from './contender';
import { startContender, type Contender } from './contenders';
import { application, createFleetRepository } from './fleet';
import { startForges, type Forges } from './forges';
import { reportPromotions, type Side, type Subject } from './promotion-report';
import { type BenchOptions } from './run-options';

const token = 'benchmark';
const repository = 'acme/fleet';
const latenciesMs = [0, 40];

/** Where one side promotes: a forge of its own with a copy of the repository. */
interface Course {
  readonly side: Side;
  readonly manifests: number;
  readonly latencyMs: number;
  readonly forgeDirectory: string;
  readonly cacheDirectory: string;
}

/**
 * An event's way to its pull request, by the activity itself, in a small and a large repository, near and far, against
 * a clone of the same repository and, where it is given, against the code of an earlier commit. All take turns, so that
 * a busy machine slows all of them alike.
 */
export async function main({ quick, before }: BenchOptions): Promise<void> {
  const [small, large] = quick ? [200, 2_000] : [200, 20_000];
  const rounds = quick ? 2 : 5;
  const directory = await mkdtemp(path.join(tmpdir(), 'windlass-bench-'));
  const sides: readonly Side[] = before === undefined ? ['now'] : ['now', 'before'];
  const courses = [
    ...(await makeCourses(directory, small, sides)),
    ...(await makeCourses(directory, large, sides)),
  ];
  const forges = await startForges({
    token,
    forges: courses.map(({ forgeDirectory, latencyMs }) => ({ directory: forgeDirectory, latencyMs })),
  });
  const bench = { courses, forges, directory, contenders: new Map<Side, Contender>() };
  for (const side of sides) {
    const checkout = side === 'before' && before !== undefined ? before : path.join(__dirname, '..');
    bench.contenders.set(side, await startContender(checkout, contenderCourses(courses, forges)));
  }
  const subjects: Subject[] = courses.map((course) => ({
    ...course,
    cold: [],
    warm: [],
    searched: [],
    clone: [],
  }));
  for (let round = 1; round <= rounds; round += 1) {
    // Each goes first as often as the other.
    const order = [...subjects.keys()].sort((a, b) => (round % 2 === 1 ? a - b : b - a));
    for (const index of order) await runRound(bench, index, subjects[index], round);
  }
  bench.contenders.forEach((contender) => contender.close());
  await forges.close();
  await rm(directory, { recursive: true, force: true });
  reportPromotions(subjects, small, large);
}

interface Bench {
  readonly courses: readonly Course[];
  readonly forges: Forges;
  readonly directory: string;
  readonly contenders: ReadonlyMap<Side, Contender>;
}

async function makeCourses(directory: string, manifests: number, sides: readonly Side[]): Promise<Course[]> {
  const original = path.join(directory, `${manifests}.git`);
  await createFleetRepository(original, manifests);
  const courses: Course[] = [];
  for (const latencyMs of latenciesMs) {
    for (const side of sides) {
      const forgeDirectory = path.join(directory, `forge-${manifests}-${latencyMs}-${side}`);
      await mkdir(forgeDirectory);
      await cp(original, path.join(forgeDirectory, `${repository}.git`), { recursive: true });
      courses.push({ side, manifests, latencyMs, forgeDirectory, cacheDirectory: `${forgeDirectory}-cache` });
    }
  }
  return courses;
}

function contenderCourses(courses: readonly Course[], forges: Forges) {
  return courses.map(({ cacheDirectory }, index) => ({
    repositoryUrl: `${forges.urls[index] ?? ''}/${repository}.git`,
    token,
    cacheDirectory,
  }));
}

/** A promotion from nothing, one with the cache that it left, one without what the cache remembers of markers; a clone. */
async function runRound(
  bench: Bench,
  index: number,
  subject: Subject | undefined,
  round: number,
): Promise<void> {
  const course = bench.courses[index];
  const contender = course === undefined ? undefined : bench.contenders.get(course.side);
  if (course === undefined || subject === undefined || contender === undefined) return;
  const promote = async (step: number) => {
    const requests = await countRequests(bench.forges, index);
    const measured = await contender.measure({ kind: 'promote', course: index, release: 3 * round + step });
    const measurement = { ...measured, requests: (await countRequests(bench.forges, index)) - requests };
    await moveOn(bench, index, measurement, 3 * round + step);
    return measurement;
  };
  await contender.measure({ kind: 'forget', course: index });
  subject.cold.push(await promote(0));
  subject.warm.push(await promote(1));
  await forgetMarkers(course.cacheDirectory);
  subject.searched.push(await promote(2));
  if (course.side === 'now') subject.clone.push(await measureClone(bench, contender, index, round));
}

async function countRequests(forges: Forges, index: number): Promise<number> {
  return (await forges.countRequests())[index] ?? 0;
}

async function forgetMarkers(cacheDirectory: string): Promise<void> {
  for (const entry of await readdir(cacheDirectory, { withFileTypes: true })) {
    if (entry.isDirectory())
      await rm(path.join(cacheDirectory, entry.name, 'markers'), { recursive: true, force: true });
  }
}

/** The pull request is merged, its branch stays (as GitHub leaves it), and somebody changes another application. */
async function moveOn(
  { courses, forges }: Bench,
  index: number,
  { number }: Measurement,
  release: number,
): Promise<void> {
  const url = `${forges.urls[index] ?? ''}/api/v3/repos/${repository}/pulls/${number}/merge`;
  const headers = { authorization: `Bearer ${token}`, 'user-agent': 'windlass-bench' };
  const answer = await fetch(url, { method: 'PUT', headers });
  if (!answer.ok) throw new Error(await answer.text());
  const bare = new BareRepository(path.join(courses[index]?.forgeDirectory ?? '', `${repository}.git`));
  await bare.commit('main', { 'teams/team-0/app-1/note.yaml': `release: ${release}\n` }, 'Note a release');
}

async function measureClone(
  { forges, directory }: Bench,
  contender: Contender,
  index: number,
  round: number,
): Promise<Measurement> {
  const clone = path.join(directory, 'clone');
  const run = {
    repositoryUrl: `${forges.urls[index] ?? ''}/${repository}.git`,
    token,
    directory: clone,
    branch: `by-clone-${round}`,
    marker: markerValue({
      namespace: application.namespace,
      pipeline: application.name,
      environment: 'staging',
    }),
    version: `8.0.${round}`,
  };
  const measurement = await contender.measure({ kind: 'clone', run });
  await rm(clone, { recursive: true });
  return measurement;
}
