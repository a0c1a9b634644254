import { type Client } from '@temporalio/client';
import { type RetrySettings } from '../domain/retry';
import { type NotificationSink } from '../flux/notification-sink';
import { type ProgressReporter } from '../controller/progress/progress-reporter';
import { runAttempt } from './attempt';
import { type LaneActivities } from './lane-activities';
import { openPullRequest } from './pull-request/open-pull-request';
import { type PromotionActivities } from './promotion-activities';
import { type PullRequestPorts } from './pull-request/pull-request-context';
import { resolvePromotion } from './resolve-promotion';
import { createLaneActivities } from './running-promotions';
import { withdrawPullRequest } from './pull-request/withdraw-pull-request';

export interface ActivityPorts extends PullRequestPorts {
  readonly notifications: NotificationSink;
  readonly retry: RetrySettings;
  readonly client: Client;
  /** Absent where nobody watches the Pipelines: with a directory of files. */
  readonly progress?: ProgressReporter;
}

/** Every activity, by the name under which the workflows call it. */
export function createActivities(ports: ActivityPorts): PromotionActivities & LaneActivities {
  return {
    ...createLaneActivities(ports.client),
    resolvePromotion: (task) =>
      resolvePromotion(ports.store, { retry: ports.retry, reported: ports.progress !== undefined }, task),
    reportProgress: (task, progress) =>
      runAttempt(async (signal) => ports.progress?.report(task, progress, signal)),
    openPullRequest: (task) => runAttempt((signal) => openPullRequest(ports, task, signal)),
    withdrawPullRequest: (task) => runAttempt((signal) => withdrawPullRequest(ports, task, signal)),
    notify: (task) =>
      runAttempt((signal) =>
        ports.notifications.send(
          { pipeline: task.pipeline, environment: task.to, version: task.version, at: task.event.at },
          signal,
        ),
      ),
  };
}
