/** What `api` lists of a lane without asking a worker: its memo, and when that changed last. */
import { patched, upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';
import { laneView, type LaneView, onlyStarts, showsAlike } from '../domain/lane/lane-view';
import { type LaneState } from '../domain/lane/lane-state';
import { type LaneMemo } from './contract/messages';
import { changedAttribute } from './contract/search-attributes';

export interface LaneMemoWriter {
  /**
   * Writes the memo where it shows something else. To be called once before the lane waits.
   * @param now also of a promotion that is only starting: it soon tells more, and a storm of them needs half of the writes
   * @returns whether the memo shows the state
   */
  show(state: LaneState, now: boolean): boolean;
}

/** @param isNew the lane has just been started for the first time. A run that continues one has no memo yet, so it writes it. */
export function openLaneMemo(isNew: boolean): LaneMemoWriter {
  let shown: LaneView | undefined;
  return {
    show(state, now) {
      const view = viewOf(state);
      if (shown !== undefined && showsAlike(shown, view)) return true;
      if (!now && (isNew || shown !== undefined) && onlyStarts(shown, view)) return false;
      if (!patched('lane-memo')) return true;
      const memo: LaneMemo = { view };
      upsertMemo({ ...memo });
      upsertSearchAttributes([{ key: changedAttribute, value: new Date(view.changedAt) }]);
      shown = view;
      return true;
    },
  };
}

/** So that an audit of some hours asks each lane that has recorded something since. */
function viewOf(state: LaneState): LaneView {
  const view = laneView(state, Date.now());
  if (view.recordedAt === undefined || patched('records-in-memo')) return view;
  const { recordedAt, ...before } = view;
  return before;
}
