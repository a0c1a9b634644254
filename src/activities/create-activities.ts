import { Context } from '@temporalio/activity';
import { type Client } from '@temporalio/client';
import { type Logger } from 'pino';
import { type RetrySettings } from '../domain/retry';
import { type NoticeSink, type NotificationSink } from '../flux/notification-sink';
import { type ProgressReporter } from '../controller/progress/progress-reporter';
import { runAttempt } from './attempt';
import { withPage } from '../domain/notices/notice';
import { laterEndNotice } from '../domain/notices/promotion-notice';
import { type PromotionPolicy } from '../domain/policy/promotion-policy';
import { type PromotionTask, type PullRequestOpened } from '../domain/promotion/promotion';
import { decorateProposal } from './pull-request/decorate-proposal';
import { followPullRequest } from '../temporal/followers';
import { startNotice } from '../temporal/notices';
import { readLaneState } from '../temporal/lane-states';
import { type FollowerActivities } from './follower-activities';
import { type LaneActivities } from './lane-activities';
import { type NoticeActivities } from './notice-activities';
import { createRepositoryAttempts, type RunAlone } from './lost-attempts';
import { lookAtPullRequests } from './pull-request/look-at-pull-requests';
import { tellGates } from './pull-request/tell-gates';
import { leaveMergeQueue } from './pull-request/leave-merge-queue';
import { mergePullRequest } from './pull-request/merge-pull-request';
import { openPullRequest } from './pull-request/open-pull-request';
import { partFromPullRequest } from './pull-request/part-from-pull-request';
import { type PromotionActivities } from './promotion-activities';
import { type PullRequestDependencies } from './pull-request/pull-request-context';
import { type IndexedPipelineStore } from '../store/pipeline-store';
import { type Authority } from './authority';
import { type Permits } from '../domain/budget/pace';
import { withPacer } from '../providers/rest/api-access';
import { type Visits } from './budget/visits';
import { visitOf } from './budget/visit-sizes';
import { requireMayAct } from './require-may-act';
import { requireOpenGates } from './require-open-gates';
import { resolvePromotion } from './resolve-promotion';
import { createPromotionQueries } from './running-promotions';
import { showGatesOnProposal } from './pull-request/show-gates-on-proposal';
import { withdrawPullRequest } from './pull-request/withdraw-pull-request';

export interface ActivityDependencies extends PullRequestDependencies {
  readonly store: IndexedPipelineStore;
  /** Absent: there is no key, and nothing is verified. */
  readonly authority?: Authority;
  readonly notifications: NotificationSink;
  /** Absent: people are not notified. */
  readonly notices?: NoticeSink;
  /** Of the promotion with that id, for what people are notified of. Absent: the address of the dashboard is not known. */
  readonly dashboardPage?: (id: string) => string;
  readonly retry: RetrySettings;
  readonly client: Client;
  readonly log: Logger;
  /** Absent if Pipelines have no status: with a directory of files. */
  readonly progress?: ProgressReporter;
  /** The operator's, as it is now. Absent: there is none. */
  readonly policy?: () => PromotionPolicy;
  /** Absent: requests to providers are sent at once. */
  readonly visits?: Visits;
  /** Absent: attempts that were lost run again in this process. */
  readonly runAlone?: RunAlone;
}

/** All activities, by the name that the workflows use. */
export function createActivities(
  dependencies: ActivityDependencies,
): PromotionActivities & LaneActivities & FollowerActivities & NoticeActivities {
  const attempts = createRepositoryAttempts(dependencies.runAlone);
  const { visits, apiAccess } = dependencies;
  /** Runs what asks a provider, with its requests reserved. */
  const visit = <T>(size: Permits, work: (paced: ActivityDependencies) => Promise<T>): Promise<T> => {
    if (visits === undefined) return work(dependencies);
    const name = `${currentWorkflowId()} ${Context.current().info.activityType}`;
    return visits.run(name, size, (pacer) =>
      work({ ...dependencies, apiAccess: withPacer(apiAccess, pacer) }),
    );
  };
  return {
    ...createPromotionQueries(dependencies.client),
    needsVouching: () => Promise.resolve(dependencies.authority !== undefined),
    reportDroppedEvent: ({ pipeline, environment }, dropped) =>
      runAttempt(async (signal) =>
        dependencies.progress?.reportDropped(pipeline, environment, dropped, signal),
      ),
    reportLaterEnd: (task, progress) =>
      runAttempt(async (signal) => {
        const notice = dependencies.notices === undefined ? undefined : laterEndNotice(task, progress);
        if (notice !== undefined)
          await startNotice(dependencies.client, progress.workflowId, 'later', {
            ...notice,
            promotionId: progress.workflowId,
          });
        await dependencies.progress?.reportLaterEnd(task, progress, signal);
      }),
    sendNotice: (notice) =>
      runAttempt(async (signal) =>
        dependencies.notices?.tell(withPage(notice, dependencies.dashboardPage), signal),
      ),
    resolvePromotion: async (task) =>
      resolvePromotion(
        dependencies.store,
        {
          retry: dependencies.retry,
          reported: dependencies.progress !== undefined,
          ...(dependencies.notices === undefined ? {} : { notices: true }),
          ...((await dependencies.authority?.isNeeded(task)) === true ? { vouched: true } : {}),
        },
        task,
        {
          ...(dependencies.policy === undefined ? {} : { policy: dependencies.policy }),
          readLane: (pipeline, environment) => readLaneState(dependencies.client, pipeline, environment),
        },
      ),
    followPullRequest: (repository, promotion) =>
      followPullRequest(dependencies.client, repository, promotion),
    tellGates: (repository, number, closed, checkOnly = false, proposal) =>
      visit(visitOf.comment, (paced) =>
        runAttempt((signal) => {
          const page = dependencies.promotionPage(currentWorkflowId())?.url;
          return tellGates(paced, repository, number, { closed, checkOnly, page }, proposal, signal);
        }),
      ),
    async mergePullRequest(task, opened, before) {
      requireOpenGates(before);
      return visit(visitOf.merge, (paced) =>
        runAttempt((signal) => mergePullRequest(paced, task, opened, signal)),
      );
    },
    leaveMergeQueue: (repository, queued) =>
      visit(visitOf.comment, (paced) =>
        runAttempt((signal) => leaveMergeQueue(paced, repository, queued, signal)),
      ),
    partFromPullRequest: (repository, number, parting, proof) =>
      visit(visitOf.comment, (paced) =>
        runAttempt((signal) => partFromPullRequest(paced, repository, number, parting, proof, signal)),
      ),
    lookAtPullRequests: (repository, followed, seen) =>
      visit(visitOf.look, (paced) =>
        runAttempt((signal) => lookAtPullRequests(paced, repository, followed, seen, signal)),
      ),
    reportProgress: (task, progress) =>
      runAttempt(async (signal) => dependencies.progress?.report(task, progress, signal)),
    async openPullRequest(task, before, gates) {
      requireOpenGates(before);
      // One visit for both: an attempt that ends between them begins with the first again.
      return visit(visitOf.open, async (paced) => {
        const result = await attempts('openPullRequest', task, (signal) =>
          openPullRequest(paced, task, signal),
        );
        if (result.state !== 'pull-request') return result;
        const vouched = await vouchFor(dependencies.authority, task, result);
        const opened = await runAttempt((signal) => decorateProposal(paced, task, vouched, signal));
        if (gates === undefined) return opened;
        return runAttempt((signal) => showGatesOnProposal(paced, task, opened, gates, signal));
      });
    },
    withdrawPullRequest: (task) =>
      visit(visitOf.comment, (paced) =>
        attempts('withdrawPullRequest', task, (signal) => withdrawPullRequest(paced, task, signal)),
      ),
    async notify(task, before) {
      requireOpenGates(before);
      return runAttempt(async (signal) => {
        await requireMayAct(dependencies, task);
        const { pipeline, to: environment, version, event } = task;
        return dependencies.notifications.send({ pipeline, environment, version, at: event.at }, signal);
      });
    },
  };
}

/** Of the promotion, in activities that promotions run. */
function currentWorkflowId(): string {
  return Context.current().info.workflowExecution?.workflowId ?? '';
}

/** So that its commit can be merged later, and what is approved of it counts when the commit is made again. */
async function vouchFor(
  authority: Authority | undefined,
  task: PromotionTask,
  opened: PullRequestOpened,
): Promise<PullRequestOpened> {
  if (authority === undefined || opened.head === undefined) return opened;
  // An attempt that found everything done has verified nothing yet.
  await authority.require(task);
  return { ...opened, capability: authority.proposed(task, opened.head) };
}
