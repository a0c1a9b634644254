import {
  isCancellation,
  log,
  proxyActivities,
  setCurrentDetails,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { type PromotionActivities } from '../activities/promotion-activities';
import { timesOf } from '../domain/lane/lane-outcome';
import {
  type PromotionProgress,
  type PromotionTask,
  type PromotionTimes,
} from '../domain/promotion/promotion';
import { type PromotionStanding, describeStanding } from '../domain/promotion/sentences';
import { type ReportedState, type ShownState } from '../domain/promotion/states';
import { markdownParagraphs, plainSentence } from '../domain/rich-text';
import { stateAttribute } from './contract/search-attributes';

/** A report does not delay a promotion for long. */
const { reportProgress } = proxyActivities<PromotionActivities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '1 minute',
  retry: { initialInterval: '1 second', maximumInterval: '10 seconds' },
});

/** Shows the operator how a promotion stands: as a search attribute, in the Temporal Web UI, in the log. */
export function show(task: PromotionTask, standing: Extract<PromotionStanding, { state: ShownState }>): void {
  const { state } = standing;
  const sentence = describeStanding(task, standing);
  upsertSearchAttributes([{ key: stateAttribute, value: state }]);
  showDetails(task, standing);
  const level = ['failed', 'quarantined', 'retrying'].includes(state) ? 'warn' : 'info';
  log[level](plainSentence(sentence), { ...standing });
}

/** In the Temporal Web UI alone, for what changes while the state stays. */
export function showDetails(task: PromotionTask, standing: PromotionStanding): void {
  setCurrentDetails(markdownParagraphs(describeStanding(task, standing)));
}

/** Tells those who watch the Pipeline, where there are any. A report that cannot be written fails no promotion. */
export async function report(
  wanted: boolean | undefined,
  task: PromotionTask,
  standing: Extract<PromotionStanding, { state: ReportedState }>,
  { ended, enforced }: Pick<PromotionProgress, 'ended' | 'enforced'> = {},
): Promise<void> {
  if (wanted !== true) return;
  const { workflowId, startTime } = workflowInfo();
  const { state } = standing;
  const progress: PromotionProgress = {
    state,
    message: plainSentence(describeStanding(task, standing)),
    ...('code' in standing ? { code: standing.code } : {}),
    ...urlOf(standing),
    times: timesOf(('pullRequest' in standing ? standing.pullRequest : standing) as PromotionTimes),
    ...(enforced === undefined ? {} : { enforced }),
    ...(ended === undefined ? {} : { ended }),
    workflowId,
    startedAt: startTime.getTime(),
    at: Date.now(),
  };
  try {
    await reportProgress(task, progress);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('the progress could not be reported', { state, error: String(error) });
  }
}

function urlOf(standing: PromotionStanding): Pick<PromotionProgress, 'url'> {
  if ('pullRequest' in standing) return { url: standing.pullRequest.url };
  return 'url' in standing ? { url: standing.url } : {};
}
