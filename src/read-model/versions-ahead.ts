/** What an environment is behind the one before it. */
import { type LaneState, type LaneTask, type RanVersion } from '../domain/lane/lane-state';
import { ranOf } from '../domain/lane/ran-versions';
import { isSameVersion } from '../domain/lane/running-versions';
import { isUnreported } from '../domain/lane/acts';
import { changesLink, comparesVersions } from '../domain/pipeline/changes-link';
import { type Environment, type PipelineDetails } from '../operator/schemas/pipelines';

type Detailed = PipelineDetails['environments'][number];

export interface AheadSources {
  readonly environment: Environment;
  /** Of the lane into it; undefined: there is none, or it did not answer. */
  readonly state: LaneState | undefined;
  readonly before: {
    readonly environment: Environment;
    /** Of the lane into the environment before, which has none where it is the first. */
    readonly state: LaneState | undefined;
  };
  /** The template of `changes-link.ts`, if the Pipeline has one. */
  readonly changesUrl: string | undefined;
}

type SeenVersion = Pick<RanVersion, 'version' | 'at'>;

/** As many as an environment remembers of what it has run. */
const mostListed = 20;

export function versionsAhead({
  environment,
  state,
  before,
  changesUrl,
}: AheadSources): Pick<Detailed, 'ahead' | 'changes'> {
  const isRunning = ({ version }: SeenVersion): boolean =>
    environment.running.some((each) => isSameVersion(version, each));
  const known = seenBefore(before, state);
  const end = known.findIndex(isRunning);
  const current = known[end]?.version ?? environment.version;
  const ahead = (end === -1 ? known : known.slice(0, end)).filter((each) => isNews(each, environment, state));
  const listed = ahead.slice(0, mostListed);
  const link = (from: string | undefined, to: string): string | undefined =>
    changesUrl === undefined ? undefined : changesLink(changesUrl, from, to);
  const [newest] = listed;
  const whole =
    newest !== undefined && changesUrl !== undefined && comparesVersions(changesUrl)
      ? link(current, newest.version)
      : undefined;
  return {
    ahead: listed.map(({ version, at }, index) => {
      const changes = link(ahead[index + 1]?.version ?? current, version);
      return { version, at: new Date(at).toISOString(), ...(changes === undefined ? {} : { changes }) };
    }),
    ...(whole === undefined ? {} : { changes: whole }),
  };
}

/** What it has run before is none, unless people decided against it here: then it is still what it lacks. */
function isNews({ version }: SeenVersion, { held }: Environment, state: LaneState | undefined): boolean {
  if (held.some((each) => isSameVersion(version, each))) return true;
  return !(state === undefined ? [] : ranOf(state)).some((each) => isSameVersion(version, each));
}

/** What the environment before has run, newest first, as far as anyone remembers. */
function seenBefore(before: AheadSources['before'], next: LaneState | undefined): SeenVersion[] {
  const running = before.environment.running.map(({ version, since }) => ({
    version,
    at: Date.parse(since),
  }));
  const remembered = before.state === undefined ? promotedOn(next) : ranOf(before.state);
  const current = [...running, ...(next?.reports ?? [])].toSorted((a, b) => b.at - a.at);
  return [...current, ...remembered].reduce<SeenVersion[]>(
    (all, one) => (all.some((each) => isSameVersion(one.version, each)) ? all : [...all, one]),
    [],
  );
}

/** Of the first environment, which remembers nothing itself: what was promoted out of it. */
function promotedOn(next: LaneState | undefined): SeenVersion[] {
  if (next === undefined) return [];
  const { inHand, waiting, queue = [], outcomes } = next;
  const tasks = [...queue.toReversed(), waiting, inHand].filter(
    (task): task is LaneTask => task?.action === 'promote' && !isUnreported(task),
  );
  const ended = outcomes.filter(({ action }) => action !== 'withdraw');
  return [
    ...tasks.map(({ version, event }) => ({ version, at: event.at })),
    ...ended.map(({ version, endedAt }) => ({ version, at: endedAt })),
  ];
}
