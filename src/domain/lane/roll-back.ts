/** A person rolls the environment back: what is newer is held, so that it does not come back by itself. */
import { type LaneAct } from './lane-act';
import { hold } from './held-versions';
import { type LaneState, type LaneTask } from './lane-state';
import { isAbove } from './queue';
import { isSameVersion } from './running-versions';

export function isRollback({ request }: LaneTask): boolean {
  return request?.kind === 'rollback';
}

/** A rollback acts, or is about to: events of the source environment wait behind it. */
export function rollsBack({ inHand, waiting }: LaneState): boolean {
  const first = waiting ?? inHand;
  return first !== undefined && isRollback(first);
}

/** What is newer than the version and would be promoted, is, or was last: each once. */
export function newerThan(state: LaneState, version: string): readonly string[] {
  const { running = [], newest } = state;
  const reported = [
    ...running.map((report) => report.version),
    ...(newest === undefined ? [] : [newest.version]),
  ];
  const all = [...tasksOf(state).map((task) => task.version), ...reported].filter(
    (each) => isAbove(each, version) && !isSameVersion(each, { version }),
  );
  return all.filter(
    (each, index) => !all.slice(0, index).some((earlier) => isSameVersion(earlier, { version: each })),
  );
}

/** Holds what is newer than the version, and the version itself no longer. */
export function holdAbove(state: LaneState, version: string, { actor, at }: LaneAct): LaneState {
  const held = (state.held ?? []).filter((each) => !isSameVersion(each.version, { version }));
  return newerThan(state, version).reduce(
    (holding: LaneState, newer) => {
      const task = tasksOf(state).findLast((each) => each.version === newer);
      return hold(holding, {
        version: newer,
        because: 'rolled-back',
        by: actor.name,
        at,
        ...(task === undefined ? {} : { task }),
        keptBelow: true,
      });
    },
    forgetFailed({ ...state, held }, version),
  );
}

/** The last one that failed is held as well, and is not run again by a retry. */
function forgetFailed(state: LaneState, version: string): LaneState {
  const { lastFailed, ...rest } = state;
  return lastFailed === undefined || !isAbove(lastFailed.version, version) ? state : rest;
}

/** In the order in which they matter less: the last ones are held longest. */
function tasksOf({
  queue = [],
  lastFailed,
  deployed,
  waiting,
  inHand,
  settling,
}: LaneState): readonly LaneTask[] {
  return [...queue, lastFailed, deployed, waiting, inHand, settling?.task].filter(
    (task): task is LaneTask => task?.action === 'promote',
  );
}
