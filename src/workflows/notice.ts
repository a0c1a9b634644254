/** Sends one notice, however long the notification-controller is away, while what it is about continues. */
import { log, proxyActivities, proxySinks, type Sinks } from '@temporalio/workflow';
import { type NoticeActivities } from '../activities/notice-activities';
import { type Notice, type NoticeName } from '../domain/notices/notice';

/** Counted by the worker, outside the workflow; never during a replay. */
export interface NoticeSinks extends Sinks {
  notices: { ended(kind: NoticeName, result: 'sent' | 'failed'): void };
}

const { notices } = proxySinks<NoticeSinks>();

/** Later it is no news. The notification-controller recognizes repetitions for 5 minutes. */
const { sendNotice } = proxyActivities<NoticeActivities>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '6 hours',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
});

/** Its id is the fact: for each fact there is one. */
export async function notice(message: Notice): Promise<void> {
  try {
    await sendNotice(message);
    notices.ended(message.kind, 'sent');
  } catch (error) {
    notices.ended(message.kind, 'failed');
    log.warn('the notice could not be sent', { kind: message.kind, error: String(error) });
    throw error;
  }
}
