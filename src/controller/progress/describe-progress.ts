/** A promotion's progress as somebody with kubectl reads it: plain sentences, no Markdown. */
import {
  notificationMessage,
  type PromotionProgress,
  type PromotionTask,
} from '../../domain/promotion/promotion';

/** The reasons of the Events on a Pipeline. They are part of the interface: alerts and docs name them. */
export type EventReason =
  | 'Started'
  | 'Suspended'
  | 'WaitingForApproval'
  | 'PullRequestOpened'
  | 'Promote'
  | 'Unchanged'
  | 'Superseded'
  | 'Withdrawn'
  | 'Ignored'
  | 'Cancelled'
  | 'Failed';

export interface ProgressDescription {
  readonly type: 'Normal' | 'Warning';
  readonly reason: EventReason;
  /** A sentence, as long as it came out. */
  readonly message: string;
  readonly ended: boolean;
}

/** @returns undefined for what concerns nobody: a promotion that only starts afresh */
export function describeProgress(
  task: PromotionTask,
  progress: PromotionProgress,
): ProgressDescription | undefined {
  const { version, from, to } = task;
  const going = (reason: EventReason, message: string): ProgressDescription => ({
    type: 'Normal',
    reason,
    message,
    ended: false,
  });
  const ended = (reason: EventReason, message: string): ProgressDescription => ({
    ...going(reason, message),
    ended: true,
  });
  switch (progress.state) {
    case 'started':
      return going(
        'Started',
        task.action === 'promote'
          ? `Promoting ${version} from ${from} into ${to}.`
          : `Withdrawing ${version} from ${to}: ${from} went back to ${task.event.version}.`,
      );
    case 'suspended':
      return going(
        'Suspended',
        `${version} waits until suspend is taken off the Pipeline or its environment ${to}.`,
      );
    case 'waiting-for-approval':
      return going(
        'WaitingForApproval',
        `${version} waits for approval into ${to}: send the update promote with {"version": "${version}"} to the workflow ${progress.workflowId}.`,
      );
    case 'pull-request':
      return ended(
        'PullRequestOpened',
        `Merge ${progress.url ?? 'the pull request'} to bring ${to} to ${version}.`,
      );
    case 'notified':
      return ended('Promote', notificationMessage(task.pipeline, to, version));
    case 'unchanged':
      return ended('Unchanged', `${to} has ${version} in Git already: nothing to do.`);
    case 'superseded':
      return ended('Superseded', `${version} into ${to}: ${progress.message}`);
    case 'withdrawn':
      return ended(
        'Withdrawn',
        progress.url === undefined
          ? `${to} had no open pull request for ${version} to withdraw.`
          : `Closed ${progress.url}: ${from} no longer runs ${version}.`,
      );
    case 'ignored':
      return ended('Ignored', `${version} into ${to}: ${progress.message}`);
    case 'failed':
      return {
        ...ended('Failed', `${version} was not promoted into ${to}: ${progress.message}`),
        type: 'Warning',
      };
    case 'cancelled':
      return ended('Cancelled', `An operator cancelled the promotion of ${version} into ${to}.`);
    case 'yielded':
      return undefined;
  }
}
