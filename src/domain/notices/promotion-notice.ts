/** What a promotion has to say to people, and when it says it. */
import { type ApprovalSettings } from '../approvals/approval-settings';
import { type ApprovalContext, type GivenApproval, quorumOf } from '../approvals/quorum';
import { type ClosedGate } from '../gates/evaluate';
import { type GateFacts } from '../gates/gate';
import { approvalsAsked } from '../approvals/approvals-asked';
import { type GatePolicies } from '../gates/registry';
import { sha256Hex } from '../names';
import { formatPipelineRef } from '../pipeline/pipeline';
import { type EndedProgress, type PromotionTask } from '../promotion/promotion';
import { describeStanding, type PromotionStanding } from '../promotion/sentences';
import { plainSentence } from '../rich-text';
import { commandLine } from '../shell';
import { type Notice, noticeKinds, type NoticeName, noticeOf } from './notice';

/** A notice, and the fact that it is about: people are notified of each fact of a promotion once. */
export interface PromotionFact {
  readonly key: string;
  readonly notice: Notice;
}

type Told = Extract<PromotionStanding, { state: NoticeName }>;

/** Of a promotion whose state changed after its end. @returns undefined if there is no notice for the state */
export function laterEndNotice(
  task: PromotionTask,
  { state, message, url, at }: EndedProgress,
): Notice | undefined {
  if (!isNoticeName(state)) return undefined;
  const said = `${formatPipelineRef(task.pipeline)}: ${message}`;
  return noticeOf(state, task.pipeline, said, { ...place(task), pullRequest: url }, at);
}

function isNoticeName(state: string): state is NoticeName {
  return Object.hasOwn(noticeKinds, state);
}

/** Whether there is a notice for a state. */
export function isTold(standing: PromotionStanding): standing is Told {
  return isNoticeName(standing.state);
}

/** @param at milliseconds since the epoch @param previous the version that the pull request replaces */
export function standingFact(
  task: PromotionTask,
  standing: Told,
  at: number,
  previous?: string,
): PromotionFact {
  const { state } = standing;
  const sentence = describeStanding(task, standing);
  const command = commandAfter(task, state);
  const said =
    command === undefined ? plainSentence(sentence) : plainSentence({ ...sentence, next: command.next });
  return {
    key: state === 'overridden' ? `${state}/${at}` : state,
    notice: noticeOf(
      state,
      task.pipeline,
      `${formatPipelineRef(task.pipeline)}: ${said}`,
      {
        ...place(task),
        previousVersion: previous,
        pullRequest: urlOf(standing),
        by: 'by' in standing ? standing.by : undefined,
        code: 'code' in standing ? standing.code : undefined,
        command: command?.command,
      },
      at,
    ),
  };
}

/** @returns undefined unless people must decide on the promotion now */
export function approvalFact(
  task: PromotionTask,
  closed: readonly ClosedGate[],
  { facts, policies }: { readonly facts: GateFacts; readonly policies: GatePolicies },
  pullRequest?: { readonly url: string; readonly previous?: string },
): PromotionFact | undefined {
  const waiting = closed.filter(({ name }) => name === 'manual' || name === 'approvals');
  if (waiting.length === 0) return undefined;
  const settings = approvalsAsked(policies);
  const lost = lostApprovals(facts, settings);
  const pipeline = formatPipelineRef(task.pipeline);
  const command = commandLine(['windlass', 'approve', pipeline, task.to, task.version]);
  const said = [
    `${pipeline}: ${task.to} waits for ${task.version}: ${briefsOf(waiting)}.`,
    ...(lost.length === 0
      ? []
      : [`No longer counted, because of a later change or the age of the approval: ${namesOf(lost)}.`]),
    ...(closed.length === waiting.length
      ? []
      : [`It also waits for: ${briefsOf(closed.filter((gate) => !waiting.includes(gate)))}.`]),
    ...(pullRequest === undefined ? [] : [`Pull request ${pullRequest.url} is open.`]),
    `To approve, use ${command}.`,
  ];
  return {
    key: lost.length === 0 ? 'approval-needed' : `approval-needed/${digestOf(lost)}`,
    notice: noticeOf(
      'approval-needed',
      task.pipeline,
      said.join(' '),
      {
        ...place(task),
        previousVersion: pullRequest?.previous,
        pullRequest: pullRequest?.url,
        approvers: settings.length === 0 ? 'anyone' : settings.map(approversOf).join('; '),
        command,
      },
      facts.now,
    ),
  };
}

function briefsOf(closed: readonly ClosedGate[]): string {
  return closed.map(({ brief }) => brief).join(', ');
}

function place({ pipeline, from, to, version }: PromotionTask) {
  return {
    pipeline: formatPipelineRef(pipeline),
    environment: to,
    fromEnvironment: from,
    version,
  };
}

/** Those that were given and no longer count, though no one has taken them back. */
function lostApprovals(
  { approvals, now, ...context }: GateFacts,
  settings: readonly ApprovalSettings[],
): readonly GivenApproval[] {
  const counted = (each: ApprovalSettings, of: ApprovalContext): readonly GivenApproval[] => {
    const { counting, apart } = quorumOf(approvals, each, now, of);
    return [...counting, ...apart];
  };
  const lost = settings.flatMap((each) => {
    const { expiresAfterMs, ...lasting } = each;
    const still = counted(each, context);
    return counted(lasting, {}).filter((approval) => !still.includes(approval));
  });
  return [...new Set(lost)];
}

function namesOf(approvals: readonly GivenApproval[]): string {
  return [...new Set(approvals.map(({ by }) => by))].join(', ');
}

function digestOf(approvals: readonly GivenApproval[]): string {
  const each = approvals.map(({ by, at, head = '' }) => JSON.stringify([by, at, head])).sort();
  return sha256Hex(each.join('\n')).slice(0, 12);
}

/** "2 of group release-managers, alice" */
function approversOf({ required, users = [], groups = [] }: ApprovalSettings): string {
  const named = [...groups.map((group) => `group ${group}`), ...users];
  return `${required} of ${named.length === 0 ? 'anyone' : named.join(', ')}`;
}

function commandAfter({ pipeline, to }: PromotionTask, state: NoticeName) {
  if (state !== 'failed' && state !== 'quarantined') return undefined;
  const command = commandLine(['windlass', 'retry', formatPipelineRef(pipeline), to]);
  return { command, next: ['To run it again, use ', { code: command }, '.'] };
}

function urlOf(standing: PromotionStanding): string | undefined {
  if ('pullRequest' in standing) return standing.pullRequest.url;
  return 'url' in standing ? standing.url : undefined;
}
