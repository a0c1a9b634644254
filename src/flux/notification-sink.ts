import { type PipelineRef } from '../domain/pipeline/pipeline';

/** What a promotion by notification tells: bring this version into that environment. */
export interface Notification {
  readonly pipeline: PipelineRef;
  /** The Pipeline object's uid, where the store knows it. */
  readonly uid?: string;
  /** The environment promoted into. */
  readonly environment: string;
  readonly version: string;
  /** When the promoted event happened, milliseconds since the epoch: the same for every attempt. */
  readonly at: number;
}

/** Where notifications go. */
export interface NotificationSink {
  /**
   * Resolves once the other side has the notification; sending the same one again is harmless.
   * @throws WindlassError, classified
   */
  send(notification: Notification, signal: AbortSignal): Promise<void>;
}
