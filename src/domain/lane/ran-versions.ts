/** The versions that an environment has run: those that it can be rolled back to. */
import { type EnvironmentFact } from '../environment-fact';
import { type ReportedVersion } from '../version/reported-version';
import { type LaneState, type LaneTask, type RanVersion } from './lane-state';
import { isSameVersion } from './running-versions';

const ranLimit = 20;

/** @returns newest first; of lanes from before they remembered it, what they know otherwise */
export function ranOf({ ran, running = [], outcomes }: LaneState): readonly RanVersion[] {
  if (ran !== undefined) return ran;
  const deployed = outcomes
    .filter(({ state }) => state === 'deployed')
    .map(({ version, endedAt }): RanVersion => ({ version, at: endedAt }));
  const reported = running.map(({ version, at }): RanVersion => ({ version, at }));
  return [...deployed, ...reported].toSorted((a, b) => a.at - b.at).reduce(withRan, []);
}

export function rememberRan(state: LaneState, { version, at }: EnvironmentFact): LaneState {
  return { ...state, ran: withRan(ranOf(state), { ...promotedAs(state, version), at }) };
}

/** As its source reports it, where that is known: so it is written to Git. */
function promotedAs({ settling, deployed, inHand, ran = [] }: LaneState, version: string): ReportedVersion {
  const task = [settling?.task, deployed, inHand].find(
    (each): each is LaneTask => each?.action === 'promote' && isSameVersion(version, each),
  );
  const known = task?.event ?? ran.find((each) => isSameVersion(version, each));
  if (known === undefined) return { version };
  const { revision, ociDigest } = known;
  return {
    version: known.version,
    ...(revision === undefined ? {} : { revision }),
    ...(ociDigest === undefined ? {} : { ociDigest }),
  };
}

function withRan(ran: readonly RanVersion[], one: RanVersion): readonly RanVersion[] {
  return [one, ...ran.filter((each) => !isSameVersion(each.version, one))].slice(0, ranLimit);
}
