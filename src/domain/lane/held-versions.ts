/**
 * Versions that people decided against in an environment: closed, rejected, rolled back. A release of the same version in
 * the environment before it, such as a change of values, does not bring it back. A newer version does not wait for it.
 */
import { compareVersions } from '../version/compare-versions';
import { type PromotionEnd } from '../promotion/promotion';
import { type HeldVersion, type LaneState, type LaneTask } from './lane-state';
import { isSameVersion } from './running-versions';

/** More than a lane decides against between two merges. */
const heldLimit = 20;

export function isHeld({ held = [] }: LaneState, version: string): boolean {
  return held.some((each) => each.version === version);
}

/** A person rolled the environment back below a newer version, and did not ask for this one. Versions without an order pass. */
export function isKeptBelow({ held = [], newest }: LaneState, version: string): boolean {
  if (newest?.version === version) return false;
  return held.some(
    (each) =>
      each.keptBelow === true &&
      (isSameVersion(version, each) || (compareVersions(version, each.version) ?? 1) < 0),
  );
}

export function hold(state: LaneState, version: HeldVersion): LaneState {
  const { held = [] } = state;
  const before = held.find((each) => each.version === version.version);
  const others = held.filter((each) => each !== before);
  const kept = before?.keptBelow === true ? { ...version, keptBelow: before.keptBelow } : version;
  return { ...state, held: [kept, ...others].slice(0, heldLimit) };
}

/** Holds what ended against its will. */
export function holdAfter(state: LaneState, task: LaneTask, end: PromotionEnd, at: number): LaneState {
  if (task.action !== 'promote') return state;
  switch (end.state) {
    case 'closed':
    case 'rolled-back':
      return hold(state, {
        version: task.version,
        because: end.state,
        at,
        task,
        ...(end.url === undefined ? {} : { url: end.url }),
        ...(end.by === undefined ? {} : { by: end.by }),
      });
    case 'rejected':
      return hold(state, { version: task.version, because: end.state, at, task, by: end.by });
    default:
      return state;
  }
}

/** A merge of a newer version settles what was decided about older ones; the version itself was decided for. */
export function releaseUpTo(state: LaneState, version: string): LaneState {
  const { held, ...rest } = state;
  if (held === undefined) return state;
  const kept = held.filter(
    (each) => each.version !== version && (compareVersions(each.version, version) ?? 0) >= 0,
  );
  return kept.length === 0 ? rest : { ...rest, held: kept };
}
