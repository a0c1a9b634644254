import { setHandler } from '@temporalio/workflow';
import { type LaneInput } from '../domain/lane/lane';
import { drainSignal, reportSignal, retrySignal, wakeSignal } from './contract/messages';

/** What has come in for a lane and is not looked at yet. */
export interface UnfollowedLaneInbox {
  readonly inputs: LaneInput[];
  /** Signals received by this run of the workflow. */
  readonly signals: number;
  readonly draining: boolean;
  /** Newer code asks to continue as new. */
  readonly waking: boolean;
}

/** Takes the lane's signals from now on, also those that were waiting when the run began. */
export function openUnfollowedLaneInbox(): UnfollowedLaneInbox {
  const inbox = { inputs: [] as LaneInput[], signals: 0, draining: false, waking: false };
  const receive = (input: LaneInput): void => {
    inbox.signals += 1;
    inbox.inputs.push(input);
  };
  setHandler(reportSignal, (event) => receive({ type: 'event', event }));
  setHandler(retrySignal, () => receive({ type: 'retry' }));
  setHandler(wakeSignal, () => {
    inbox.waking = true;
  });
  setHandler(drainSignal, () => {
    inbox.draining = true;
  });
  return inbox;
}
