/**
 * The sentences about a promotion, written once: Temporal, the Pipeline's status and Events, the lane's list, the log
 * and the pull request all show them.
 */
import { type FailureCode } from '../errors';
import { formatPipelineRef } from '../pipeline/pipeline';
import { readableTime } from '../readable-time';
import { type RichText, type Sentence, markdown, markdownParagraphs } from '../rich-text';
import { type GateText } from '../gates/gate';
import {
  type GateOverride,
  type PromotionEnd,
  type PromotionTask,
  type PromotionTimes,
  type PullRequestOpened,
} from './promotion';

/** A promotion's state with its details. */
export type PromotionStanding =
  | { readonly state: 'resolving' | 'promoting' }
  | { readonly state: 'started' }
  | ({ readonly state: 'overridden' } & Omit<GateOverride, 'at'>)
  /** What each closed gate says; at least one. */
  | {
      readonly state:
        | 'suspended'
        | 'frozen'
        | 'tests-failed'
        | 'waiting-for-approval'
        | 'waiting-for-dependency'
        | 'waiting-for-tests'
        | 'waiting-for-soak'
        | 'waiting-for-window';
      readonly gates: readonly GateText[];
      /** That is open meanwhile. */
      readonly pullRequest?: { readonly url: string; readonly number: number } & PromotionTimes;
    }
  | {
      readonly state: 'retrying';
      /** Of the attempt that failed. */
      readonly code: FailureCode;
      readonly message: string;
      readonly failedAttempts: number;
      readonly threshold: number;
      /** Until the next attempt. */
      readonly waitMs: number;
    }
  /** Merged or notified, while the environment is expected to report the version. */
  | ({
      readonly state: 'merged' | 'merged-outside-gates';
      readonly settling: true;
    } & Omit<EndedByPeople, 'state'>)
  | ({ readonly state: 'notified'; readonly settling: true } & PromotionTimes)
  | PromotionEnd
  | Quarantined;

/** For its lane, it failed. */
interface Quarantined {
  readonly state: 'quarantined';
  readonly message: string;
  readonly code: 'quarantined';
}

/** How a promotion ended, as far as its sentence needs it. */
export type EndFacts =
  | (Pick<PullRequestOpened, 'state' | 'url'> & Partial<PullRequestOpened>)
  | (Pick<EndedByPeople, 'state' | 'url'> & Partial<EndedByPeople>)
  | Exclude<PromotionEnd, PullRequestOpened | EndedByPeople | { state: 'yielded' | 'failed' }>
  | Quarantined
  | { readonly state: 'yielded' }
  | { readonly state: 'failed'; readonly message: string; readonly code?: FailureCode | 'unknown' };

type EndedByPeople = Extract<PromotionEnd, { state: 'merged' | 'closed' }>;

/** Which promotion ended; the first builds kept no `from`. */
export interface EndedPromotion extends Pick<PromotionTask, 'action' | 'version' | 'to'> {
  readonly from?: string;
}

const nothingToDo: RichText = ['Nothing to do.'];

const runAgain: RichText = [
  'To run it again, use ',
  { code: 'windlass retry' },
  '; in Kubernetes, the annotation ',
  { code: 'reconcile.fluxcd.io/requestedAt' },
  ' on the Pipeline does the same.',
];

export function describeStanding(task: PromotionTask, standing: PromotionStanding): Sentence {
  const { version, to } = task;
  switch (standing.state) {
    case 'resolving':
      return { said: [`Reading the Pipeline ${formatPipelineRef(task.pipeline)}.`] };
    case 'suspended':
    case 'frozen':
    case 'waiting-for-approval':
    case 'waiting-for-dependency':
    case 'tests-failed':
    case 'waiting-for-tests':
    case 'waiting-for-soak':
    case 'waiting-for-window':
      return describeWait(task, standing.gates, standing.pullRequest);
    case 'overridden':
      return {
        said: [
          { strong: `${standing.by} opened gates for ${version} into ${to}` },
          `: ${standing.gates.join(', ')}. Reason:`,
        ],
        because: standing.reason,
      };
    case 'started':
    case 'promoting':
      return {
        said: [
          task.action === 'promote'
            ? promoting(task)
            : `Withdrawing ${version} from ${to}: ${task.from} went back to ${task.event.version}.`,
        ],
      };
    case 'retrying': {
      const { failedAttempts, threshold, waitMs, message } = standing;
      return {
        said: [
          { strong: `${failedAttempts} of ${threshold} attempts failed.` },
          ` ${capitalised(nameOf(task))} is tried again in ${duration(waitMs)}:`,
        ],
        because: message,
      };
    }
    case 'merged':
    case 'merged-outside-gates':
      return 'settling' in standing
        ? { said: mergedBy(standing, version), next: [`Waiting until ${to} reports that it runs it.`] }
        : describeEnd(task, standing);
    default:
      return describeEnd(task, standing);
  }
}

function promoting({ version, from, to, request }: PromotionTask): string {
  if (request?.kind === 'rollback')
    return `Rolling ${to} back to ${version}, as ${request.actor.name} asked.`;
  const asked = request === undefined ? '' : `, as ${request.actor.name} asked`;
  return `Promoting ${version} from ${from} into ${to}${asked}.`;
}

export function describeEnd(ended: EndedPromotion, end: EndFacts): Sentence {
  const { action, version, from = 'the environment before it', to } = ended;
  switch (end.state) {
    case 'pull-request': {
      const before = end.previous === undefined ? '' : ` from ${end.previous}`;
      const label = end.number === undefined ? end.url : `#${end.number}`;
      return {
        said: [
          'Pull request ',
          { label, url: end.url },
          ` brings ${to}${before} to `,
          { strong: version },
          '.',
        ],
        next: [...checkFirst(end.warnings), ...mergeOrClose(to)],
      };
    }
    case 'merged':
      return {
        said: mergedBy(end, version),
        next: [`${to} has not reported it: that needs an Alert for ${to}, or a newer version was merged.`],
      };
    case 'deployed': {
      const since = end.deployedAt === undefined ? '' : ` since ${readableTime(end.deployedAt)}`;
      return { said: [`${to} runs `, { strong: version }, `${since}.`], next: nothingToDo };
    }
    case 'rolled-back':
      return {
        said: [`${to} went back to ${end.to}, so `, { strong: version }, ' is held.'],
        next: promoteAnyway(to),
      };
    case 'closed':
      return {
        said: [
          ...pullRequestLink(end),
          ' for ',
          { strong: version },
          ` was closed${byWhom(end)}, so ${to} stays as it is.`,
        ],
        next: promoteAnyway(to),
      };
    case 'expired':
      return {
        said: [
          { strong: `${version} was not promoted into ${to}` },
          ` within ${readableDuration(end.afterMs)}`,
          ...(end.url === undefined
            ? ['.']
            : [': ', ...pullRequestLink({ ...end, url: end.url }), ' is closed.']),
        ],
        next: ['A newer version, or another release of this one, is promoted as usual.'],
      };
    case 'unchanged':
      return {
        said: [`${to} already has `, { strong: version }, ' in Git.'],
        next: end.warnings === undefined ? nothingToDo : checkFirst(end.warnings),
      };
    case 'notified':
      return {
        said: [`The notification-controller has the event for ${version} into ${to}.`],
        next: ['It sends it to the receivers of the Alerts that select the Pipeline.'],
      };
    case 'superseded':
      return { said: [`${version} into ${to} was superseded by ${end.by}.`], next: nothingToDo };
    case 'rejected':
      return {
        said: [
          { strong: `${end.by} rejected ${version}` },
          ` for ${to}${end.comment === undefined ? '.' : ':'}`,
        ],
        ...(end.comment === undefined ? {} : { because: end.comment }),
        next: [...nothingToDo, ' A newer version waits for approvals of its own.'],
      };
    case 'withdrawn':
      return {
        said:
          end.url === undefined
            ? [`${to} has no open pull request for ${version} to withdraw.`]
            : [
                'Closed ',
                { label: 'the pull request', url: end.url },
                ` for ${version}: ${from} no longer runs it.`,
              ],
        next: nothingToDo,
      };
    case 'ignored':
      return {
        said: [`${version} is no longer promoted into ${to}:`],
        because: end.reason,
        next: nothingToDo,
      };
    case 'yielded':
      return { said: ['Stopped so that the lane can continue as new.'], next: ['It starts again at once.'] };
    case 'failed':
    case 'quarantined':
      return {
        said: [
          {
            strong:
              action === 'promote'
                ? `${version} was not promoted into ${to}`
                : `${version} was not withdrawn from ${to}`,
          },
          ':',
        ],
        because: end.message,
        next: runAgain,
      };
    case 'cancelled':
      return { said: [`An operator cancelled ${nameOf(ended)}.`], next: runAgain };
  }
}

function pullRequestLink({ url, number }: { readonly url: string; readonly number?: number }): RichText {
  return ['Pull request ', { label: number === undefined ? url : `#${number}`, url }];
}

function byWhom({ by }: { readonly by?: string }): string {
  return by === undefined ? '' : ` by ${by}`;
}

function mergedBy(
  merged: {
    readonly url: string;
    readonly number?: number;
    readonly by?: string;
    readonly outsideGates?: readonly string[];
  },
  version: string,
): RichText {
  const { outsideGates } = merged;
  const closed = outsideGates === undefined ? '' : ` while its gates were closed: ${outsideGates.join(', ')}`;
  return [
    ...pullRequestLink(merged),
    ' with ',
    { strong: version },
    ` was merged${byWhom(merged)}${closed}.`,
  ];
}

function promoteAnyway(to: string): RichText {
  return [
    `A newer version is promoted as usual. To promote this one into ${to} all the same, use `,
    { code: 'windlass promote' },
    '.',
  ];
}

function checkFirst(warnings: readonly string[] = []): RichText {
  return warnings.length === 0 ? [] : [`Check first: ${warnings.join(' ')} `];
}

/** What a reviewer does about a pull request. */
export function mergeOrClose(to: string): RichText {
  return ['Merge it to deploy, or close it to keep ', { code: to }, ' as it is.'];
}

/** Why Windlass closes a pull request, for its readers, in Markdown. */
export function closingComment(task: PromotionTask, state: 'unchanged' | 'withdrawn'): string {
  const { from, to, version, event, request } = task;
  const source = { code: from };
  if (state === 'unchanged' && request !== undefined) {
    const asked = `Closed: ${request.actor.name} asked for ${version}, and `;
    return markdown([asked, { code: to }, ' already has it in Git.']);
  }
  return markdown(
    state === 'withdrawn'
      ? ['Closed: ', source, ` no longer runs ${version}, it went back to ${event.version}.`]
      : ['Closed: ', source, ` now runs ${version}, and `, { code: to }, ' already has it in Git.'],
  );
}

/** The same of what people and time decide, and why Windlass leaves one open without following it any longer. */
export function partingComment(task: PromotionTask, end: EndFacts): string {
  return markdownParagraphs(describeEnd(task, end));
}

type Waiting = Pick<PromotionTask, 'action' | 'version' | 'to'>;

/** "prod waits for 1.5.0: 1 of 2 approvals, window opens Mon 09:00 CET": the same wherever it is shown. */
export function waitSentence({ action, version, to }: Waiting, gates: readonly GateText[]): string {
  const what = action === 'promote' ? version : `the withdrawal of ${version}`;
  return `${to} waits for ${what}: ${gates.map(({ brief }) => brief).join(', ')}`;
}

function describeWait(
  task: Waiting,
  gates: readonly GateText[],
  pullRequest: { readonly url: string; readonly number: number } | undefined,
): Sentence {
  const [what = '', ...briefs] = waitSentence(task, gates).split(': ');
  const open: RichText =
    pullRequest === undefined
      ? []
      : [...pullRequestLink(pullRequest), ' is open: do not merge it before its gates are open. '];
  return {
    said: [{ strong: what }, `: ${briefs.join(': ')}.`],
    next: [...open, ...gates.flatMap(({ next }, index) => (index === 0 ? next : [' ', ...next]))],
  };
}

function nameOf({ action, version, to }: Pick<PromotionTask, 'action' | 'version' | 'to'>): string {
  return action === 'promote'
    ? `the promotion of ${version} into ${to}`
    : `the withdrawal of ${version} from ${to}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function duration(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${Math.round(ms / 1000)} s`;
}

/** "3 days", "36 hours", "90 minutes": the largest unit that leaves no rest. */
function readableDuration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  const [size, unit] =
    minutes % 1_440 === 0 ? [1_440, 'day'] : minutes % 60 === 0 ? [60, 'hour'] : [1, 'minute'];
  const count = minutes / size;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
