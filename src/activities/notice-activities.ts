import { type Notice } from '../domain/notices/notice';

/** The activity of a notice. */
export interface NoticeActivities {
  /** Gives it to the notification-controller. Can be repeated. @throws ApplicationFailure whose type is a FailureCode */
  sendNotice(notice: Notice): Promise<void>;
}
