/** What an operator reads in the Temporal Web UI: summaries and current details, in Markdown. */
import { isUnreported } from '../domain/lane/acts';
import { type LaneState } from '../domain/lane/lane-state';
import { describeDrop } from '../domain/lane/dropped-event';
import { endFacts, endedPromotion } from '../domain/lane/lane-outcome';
import { laneSentence } from '../domain/lane/lane-sentence';
import { formatPipelineRef } from '../domain/pipeline/pipeline';
import { type PromotionTask } from '../domain/promotion/promotion';
import { describeEnd } from '../domain/promotion/sentences';
import { readableTime } from '../domain/readable-time';
import { type RichText, markdown, markdownLine } from '../domain/rich-text';

export function summarize(task: PromotionTask): string {
  const pipeline = formatPipelineRef(task.pipeline);
  if (task.request?.kind === 'rollback') return `${pipeline}: roll ${task.to} back to ${task.version}`;
  return task.action === 'promote'
    ? `${pipeline}: ${task.version} from ${task.from} to ${task.to}`
    : `${pipeline}: withdraw ${task.version} from ${task.to}`;
}

export function describeTask({ action, from, to, version, event, request }: PromotionTask): string {
  const when = readableTime(event.at);
  if (request !== undefined && isUnreported({ request, event })) {
    const what = request.kind === 'rollback' ? ' asked to roll ' : ' asked for a promotion into ';
    const target: RichText = request.kind === 'rollback' ? [' back to '] : [' of '];
    const why: RichText = request.reason === undefined ? [] : [` Reason: ${request.reason}`];
    return markdown([
      `${request.actor.name}${what}`,
      { strong: to },
      ...target,
      { strong: version },
      ` at ${when}.`,
      ...why,
    ]);
  }
  const source: RichText = [`${event.object} in `, { strong: from }];
  return markdown(
    action === 'promote'
      ? [...source, ' runs ', { strong: version }, ` since ${when}.`]
      : [...source, ' went back to ', { strong: event.version }, ` at ${when}.`],
  );
}

export function describeLane(state: LaneState): string {
  const lane: RichText = [
    `Promotions of ${formatPipelineRef(state.pipeline)} into `,
    { strong: state.environment },
    '.',
  ];
  const lines = [markdown([{ strong: `${laneSentence(state)}.` }]), '', markdown(lane), ''];
  const { inHand, proposal, settling } = state;
  if (inHand !== undefined) {
    const { url = '', number = 0 } = proposal ?? {};
    lines.push(
      proposal === undefined
        ? `- In progress: ${inHand.action} ${inHand.version}`
        : markdown([
            `- Proposed: ${inHand.version} by pull request `,
            { label: `#${number}`, url },
            ` since ${readableTime(proposal.at)}`,
          ]),
    );
  }
  if (settling !== undefined) {
    const { task, stage, at } = settling;
    const done = stage === 'merged' ? 'Merged' : 'Notified';
    lines.push(
      `- ${done}: ${task.version} at ${readableTime(at)}; ${state.environment} has not reported it yet`,
    );
  }
  if (state.waiting !== undefined) lines.push(`- Waiting: ${state.waiting.action} ${state.waiting.version}`);
  for (const { version } of state.queue ?? []) lines.push(`- In the queue: ${version}`);
  if (state.lastFailed !== undefined) {
    lines.push(`- Failed: ${state.lastFailed.version}. Run it again with \`windlass retry\`.`);
  }
  for (const { version, because } of state.held ?? []) {
    lines.push(`- Held: ${version} (${because}). Promote it all the same with \`windlass promote\`.`);
  }
  if (state.outcomes.length > 0) lines.push('', 'Ended, newest first:', '');
  for (const outcome of state.outcomes) {
    const sentence = describeEnd(endedPromotion(outcome, state.environment), endFacts(outcome));
    lines.push(`- ${readableTime(outcome.endedAt)}: ${markdownLine(sentence)}`);
  }
  if (state.dropped !== undefined) lines.push('', 'Not promoted, newest first:', '');
  for (const dropped of state.dropped ?? []) {
    lines.push(`- ${readableTime(dropped.at)}: ${markdown([describeDrop(dropped)])}`);
  }
  return lines.join('\n');
}
