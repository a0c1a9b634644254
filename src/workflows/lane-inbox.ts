import { setHandler } from '@temporalio/workflow';
import { type LaneInput } from '../domain/lane/lane';
import {
  drainSignal,
  factSignal,
  newsSignal,
  reportSignal,
  retrySignal,
  wakeSignal,
} from './contract/messages';

/** Temporal refuses signal 10,001 of a run; what is still on its way needs room. */
const signalsPerRun = 5_000;

/** What has come in for a lane and is not looked at yet. */
export interface LaneInbox {
  readonly inputs: LaneInput[];
  /** This run of the workflow has received as many signals as it should. */
  isFull(): boolean;
  readonly draining: boolean;
  /** Newer code asks to continue as new. */
  readonly waking: boolean;
}

/**
 * Takes the lane's signals from now on, also those that were waiting when the run began.
 * @param follows whether the lane follows its promotions: only then are there facts and news
 */
export function openLaneInbox(follows: boolean): LaneInbox {
  let signals = 0;
  const inbox = {
    inputs: [] as LaneInput[],
    isFull: () => signals >= signalsPerRun,
    draining: false,
    waking: false,
  };
  const receive = (input: LaneInput): void => {
    signals += 1;
    inbox.inputs.push(input);
  };
  setHandler(reportSignal, (event) => receive({ type: 'event', event }));
  setHandler(retrySignal, () => receive({ type: 'retry' }));
  setHandler(drainSignal, () => {
    inbox.draining = true;
  });
  if (follows) {
    setHandler(factSignal, (fact) => receive({ type: 'fact', fact }));
    setHandler(newsSignal, (of, news) => receive({ type: 'news', of, news }));
  } else {
    setHandler(wakeSignal, () => {
      inbox.waking = true;
    });
  }
  return inbox;
}
