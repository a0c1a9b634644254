import { type Notice } from '../domain/notices/notice';
import { type PipelineRef } from '../domain/pipeline/pipeline';

/** The content of a promotion by notification: promote this version into that environment. */
export interface Notification {
  readonly pipeline: PipelineRef;
  /** The Pipeline object's uid, if the store knows it. */
  readonly uid?: string;
  /** The environment promoted into. */
  readonly environment: string;
  readonly version: string;
  /** When the promoted event happened, milliseconds since the epoch: the same for every attempt. */
  readonly at: number;
}

/** The receiver of notifications. */
export interface NotificationSink {
  /**
   * Resolves once the receiver has accepted the notification. Sending the same one again has no effect.
   * @throws WindlassError, classified
   */
  send(notification: Notification, signal: AbortSignal): Promise<void>;
}

/** The receiver of what people read. */
export interface NoticeSink {
  /** As `send` of a `NotificationSink`. */
  tell(notice: Notice, signal: AbortSignal): Promise<void>;
}
