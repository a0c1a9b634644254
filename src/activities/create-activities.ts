import { type Client } from '@temporalio/client';
import { type RetrySettings } from '../domain/retry';
import { type NotificationSink } from '../notifications/port';
import { runAttempt } from './attempt';
import { type LaneActivities } from './lane-activities';
import { openPullRequest } from './open-pull-request';
import { type PromotionActivities } from './promotion-activities';
import { type PullRequestPorts } from './pull-request-site';
import { resolvePromotion } from './resolve-promotion';
import { createLaneActivities } from './running-promotions';
import { withdrawPullRequest } from './withdraw-pull-request';

export interface ActivityPorts extends PullRequestPorts {
  readonly notifications: NotificationSink;
  readonly retry: RetrySettings;
  readonly client: Client;
}

/** Every activity, by the name under which the workflows call it. */
export function createActivities(ports: ActivityPorts): PromotionActivities & LaneActivities {
  return {
    ...createLaneActivities(ports.client),
    resolvePromotion: (task) => resolvePromotion(ports.store, ports.retry, task),
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
