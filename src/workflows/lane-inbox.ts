import { setHandler } from '@temporalio/workflow';
import { type LaneInput } from '../domain/lane/lane';
import { drainSignal, factSignal, newsSignal, reportSignal, retrySignal } from './contract/messages';

/** What has come in for a lane and is not looked at yet. */
export interface LaneInbox {
  readonly inputs: LaneInput[];
  /** Signals received by this run of the workflow. */
  readonly signals: number;
  readonly draining: boolean;
}

/** Takes the lane's signals from now on, also those that were waiting when the run began. */
export function openLaneInbox(): LaneInbox {
  const inbox = { inputs: [] as LaneInput[], signals: 0, draining: false };
  const receive = (input: LaneInput): void => {
    inbox.signals += 1;
    inbox.inputs.push(input);
  };
  setHandler(reportSignal, (event) => receive({ type: 'event', event }));
  setHandler(factSignal, (fact) => receive({ type: 'fact', fact }));
  setHandler(newsSignal, (of, news) => receive({ type: 'news', of, news }));
  setHandler(retrySignal, () => receive({ type: 'retry' }));
  setHandler(drainSignal, () => {
    inbox.draining = true;
  });
  return inbox;
}
