/**
 * The source environment was rolled back by a person: that it runs the older version again is not a release, and must not
 * bring the next environment back as well.
 */
import { type NotOnward } from './lane-act';
import { type HeldBack, type LaneState } from './lane-state';
import { isAbove } from './queue';
import { isSameVersion } from './running-versions';

/** More than people roll back between two releases. */
const onwardLimit = 10;

export function rememberOnward(state: LaneState, { version, at }: NotOnward): LaneState {
  const others = (state.notOnward ?? []).filter((each) => !isSameVersion(each.version, { version }));
  const newest = state.newest?.version;
  const entry: HeldBack = { version, at, ...(newest === undefined ? {} : { newest }) };
  return { ...state, notOnward: [entry, ...others].slice(0, onwardLimit) };
}

export function isNotOnward({ notOnward = [] }: LaneState, version: string): boolean {
  return notOnward.some((each) => isSameVersion(each.version, { version }));
}

/** A version that is newer than all from before the rollback goes onward, and ends it. Targets may report others until then. */
export function forgetOnward(state: LaneState, version: string): LaneState {
  const { notOnward, ...rest } = state;
  if (notOnward === undefined) return state;
  const kept = notOnward.filter((each) => !isAbove(version, each.newest ?? each.version));
  return kept.length === 0 ? rest : { ...rest, notOnward: kept };
}
