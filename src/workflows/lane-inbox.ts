import { setHandler } from '@temporalio/workflow';
import { type LaneInput } from '../domain/lane/lane-input';
import { readNotOnward } from '../domain/lane/read-act';
import { type PromotionNews } from '../domain/promotion/promotion-news';
import { readRecords } from '../domain/record/read-records';
import { traceOf } from './tracing';
import {
  drainSignal,
  factSignal,
  newsSignal,
  notOnwardSignal,
  recordSignal,
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
  setHandler(reportSignal, (event, trace) => receive({ type: 'event', event, ...traceOf(trace) }));
  setHandler(retrySignal, () => receive({ type: 'retry', at: Date.now() }));
  setHandler(drainSignal, () => {
    inbox.draining = true;
  });
  if (follows) {
    setHandler(factSignal, (fact, trace) => receive({ type: 'fact', fact, ...traceOf(trace) }));
    setHandler(newsSignal, (of, news) => receive({ type: 'news', of, news: readNews(news) }));
    setHandler(recordSignal, (records) => {
      receive({ type: 'records', records: readRecords(records, Date.now()) });
    });
    setHandler(notOnwardSignal, (input) => {
      const to = readNotOnward(input, Date.now());
      if (to !== undefined) receive({ type: 'not-onward', to });
    });
  } else {
    setHandler(wakeSignal, () => {
      inbox.waking = true;
    });
  }
  return inbox;
}

function readNews(news: PromotionNews): PromotionNews {
  return news.stage === 'decided' ? { ...news, records: readRecords(news.records, Date.now()) } : news;
}
