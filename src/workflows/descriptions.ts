/** What an operator reads in the Temporal Web UI: summaries and current details, in Markdown. */
import { type LaneOutcome, type LaneState } from '../domain/lane/lane';
import { formatPipelineRef } from '../domain/pipeline/pipeline';
import { type PromotionOutcome, type PromotionTask } from '../domain/promotion/promotion';
import { readableTime } from '../domain/readable-time';

export function summarize(task: PromotionTask): string {
  const pipeline = formatPipelineRef(task.pipeline);
  return task.action === 'promote'
    ? `${pipeline}: ${task.version} from ${task.from} to ${task.to}`
    : `${pipeline}: withdraw ${task.version} from ${task.to}`;
}

export function describeTask(task: PromotionTask): string {
  const when = readableTime(task.event.at);
  return task.action === 'promote'
    ? `${task.event.object} in **${task.from}** runs **${task.version}** since ${when}.`
    : `${task.event.object} in **${task.from}** went back to **${task.event.version}** at ${when}.`;
}

export function describeApproval(task: PromotionTask): string {
  return [
    `**Waiting for approval** of ${task.version} into ${task.to} (\`manual: true\`).`,
    '',
    `To approve, send the update \`promote\` with \`{"version": "${task.version}"}\`. A newer version takes its place.`,
  ].join('\n');
}

export function describeSuspension(task: PromotionTask): string {
  return `**Suspended**: ${task.version} waits until \`suspend\` is taken off the Pipeline or off ${task.to}.`;
}

export function describeWait(
  task: PromotionTask,
  message: string,
  failedAttempts: number,
  threshold: number,
  waitMs: number,
): string {
  return [
    `**${failedAttempts} of ${threshold} attempts failed.** The next one comes in ${seconds(waitMs)}.`,
    '',
    literal(message),
    '',
    `Version ${task.version}, into ${task.to}.`,
  ].join('\n');
}

export function describeFailure(task: PromotionTask, message: string): string {
  return [
    `**${task.version} was not promoted into ${task.to}.**`,
    '',
    literal(message),
    '',
    `To run it again, send the signal \`retry\` to its parent, the lane.`,
  ].join('\n');
}

export function describeOutcome(task: PromotionTask, outcome: PromotionOutcome): string {
  switch (outcome.state) {
    case 'pull-request':
      return `Pull request [#${outcome.number}](${outcome.url}) brings ${task.to} from ${outcome.previous} to **${task.version}**. Merge it to deploy.`;
    case 'unchanged':
      return `${task.to} has ${task.version} in Git already: nothing to do.`;
    case 'notified':
      return `The notification-controller has the event for ${task.version} into ${task.to}.`;
    case 'superseded':
      return `Superseded by ${outcome.by}.`;
    case 'withdrawn':
      return outcome.url === undefined
        ? `No open pull request for ${task.version}: nothing to withdraw.`
        : `Closed [the pull request](${outcome.url}) for ${task.version}: ${task.from} no longer runs it.`;
    case 'ignored':
      return `Nothing to promote: ${literal(outcome.reason)}`;
    case 'yielded':
      return 'Makes way for the lane to continue as new; starts again at once.';
  }
}

export function describeLane(state: LaneState): string {
  const lines = [`Promotions of ${formatPipelineRef(state.pipeline)} into **${state.environment}**.`, ''];
  if (state.inHand !== undefined) lines.push(`- In hand: ${state.inHand.action} ${state.inHand.version}`);
  if (state.waiting !== undefined) lines.push(`- Waiting: ${state.waiting.action} ${state.waiting.version}`);
  if (state.lastFailed !== undefined) {
    lines.push(`- Failed: ${state.lastFailed.version}. Send the signal \`retry\` to run it again.`);
  }
  if (state.outcomes.length > 0) lines.push('', 'Ended, newest first:', '');
  for (const outcome of state.outcomes) {
    lines.push(`- ${readableTime(outcome.endedAt)}: **${outcome.version}** ${ending(outcome)}`);
  }
  return lines.join('\n');
}

/** How a promotion ended, completing the version. */
function ending({ state, detail = '' }: LaneOutcome): string {
  switch (state) {
    case 'pull-request':
      return `has its pull request: ${detail}`;
    case 'unchanged':
      return 'was there already';
    case 'notified':
      return 'is handed over to the notification-controller';
    case 'superseded':
      return `was superseded ${detail}`;
    case 'withdrawn':
      return detail === '' ? 'had no pull request to withdraw' : `was withdrawn: ${detail}`;
    case 'ignored':
      return `was not promoted: ${literal(detail)}`;
    case 'failed':
      return `failed: ${literal(detail)}`;
    case 'cancelled':
      return 'was cancelled by hand';
    case 'yielded':
      return 'made way';
  }
}

/**
 * Text to be read as it stands, as a code span: the Web UI makes typographic quotes of a marker that somebody may want to
 * copy, and what a provider answered must not become links or images. Its fence is longer than any in the text.
 */
function literal(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence} ${text.replace(/\s+/g, ' ').trim()} ${fence}`;
}

function seconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${Math.round(ms / 1000)} s`;
}
