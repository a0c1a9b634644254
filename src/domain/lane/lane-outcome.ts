/** One line of a lane's recent past, for the operator: how it is kept, and what is read out of it. */
import { type FailureCode } from '../errors';
import { type EndFacts, type EndedPromotion } from '../promotion/sentences';
import { type PromotionEnd, type PromotionTask, type PromotionTimes } from '../promotion/promotion';

/** Kept in histories: change it as `LaneState`. */
export interface LaneOutcome {
  readonly version: string;
  readonly state: PromotionEnd['state'];
  /** The pull request's page, the message of a failure, a reason or what superseded it. */
  readonly detail?: string;
  /** Of the pull request. */
  readonly number?: number;
  /** Who merged or closed it. */
  readonly by?: string;
  /** The version that the environment went back to. */
  readonly to?: string;
  readonly times?: PromotionTimes;
  /** Of a rejection, whose detail is the person. */
  readonly comment?: string;
  readonly code?: FailureCode | 'unknown';
  /** Absent where it was to promote, and in what the first builds kept. */
  readonly action?: 'withdraw';
  /** The environment promoted from; absent in what the first builds kept. */
  readonly from?: string;
  /** Milliseconds since the epoch. */
  readonly endedAt: number;
}

export function outcomeOf(task: PromotionTask, end: PromotionEnd, endedAt: number): LaneOutcome {
  const detail = detailOf(end);
  return {
    version: task.version,
    state: end.state,
    ...(detail === undefined ? {} : { detail }),
    ...(end.state === 'rejected' && end.comment !== undefined ? { comment: end.comment } : {}),
    ...(end.state === 'failed' ? { code: end.code } : {}),
    ...followedFacts(end),
    ...(task.action === 'withdraw' ? { action: task.action } : {}),
    from: task.from,
    endedAt,
  };
}

function followedFacts(end: PromotionEnd): Pick<LaneOutcome, 'number' | 'by' | 'to' | 'times'> {
  switch (end.state) {
    case 'merged':
    case 'deployed':
    case 'rolled-back':
    case 'closed': {
      const { number, by } = end;
      return {
        ...(number === undefined ? {} : { number }),
        ...(by === undefined ? {} : { by }),
        ...(end.state === 'rolled-back' ? { to: end.to } : {}),
        times: timesOf(end),
      };
    }
    case 'notified':
      return { times: timesOf(end) };
    default:
      return {};
  }
}

/** The times alone, of what holds them among others. */
export function timesOf(times: PromotionTimes): PromotionTimes {
  const { approvedAt, proposedAt, mergedAt, notifiedAt, deployedAt } = times;
  return {
    ...(approvedAt === undefined ? {} : { approvedAt }),
    ...(proposedAt === undefined ? {} : { proposedAt }),
    ...(mergedAt === undefined ? {} : { mergedAt }),
    ...(notifiedAt === undefined ? {} : { notifiedAt }),
    ...(deployedAt === undefined ? {} : { deployedAt }),
  };
}

const supersededBy = 'by ';

function detailOf(end: PromotionEnd): string | undefined {
  switch (end.state) {
    case 'pull-request':
    case 'withdrawn':
    case 'merged':
    case 'deployed':
    case 'rolled-back':
    case 'closed':
      return end.url;
    case 'superseded':
      return supersededBy + end.by;
    case 'expired':
      return String(end.afterMs);
    case 'rejected':
      return end.by;
    case 'failed':
      return end.message;
    case 'ignored':
      return end.reason;
    default:
      return undefined;
  }
}

/** @param to the lane's environment */
export function endedPromotion({ version, state, action, from }: LaneOutcome, to: string): EndedPromotion {
  return {
    action: action ?? (state === 'withdrawn' ? 'withdraw' : 'promote'),
    version,
    to,
    ...(from === undefined ? {} : { from }),
  };
}

export function endFacts({ state, detail = '', ...outcome }: LaneOutcome): EndFacts {
  const { number, by, to = '', times, comment } = outcome;
  const pullRequest = {
    ...times,
    ...(number === undefined ? {} : { number }),
    ...(by === undefined ? {} : { by }),
  };
  switch (state) {
    case 'pull-request':
      return { state, url: detail };
    case 'merged':
    case 'closed':
      return { state, url: detail, ...pullRequest };
    case 'deployed':
      return { state, ...pullRequest, ...(detail === '' ? {} : { url: detail }) };
    case 'rolled-back':
      return { state, to, ...pullRequest, ...(detail === '' ? {} : { url: detail }) };
    case 'notified':
      return { state, ...times };
    case 'withdrawn':
      return { state, ...(detail === '' ? {} : { url: detail }) };
    case 'superseded':
      return { state, by: detail.slice(supersededBy.length) };
    case 'rejected':
      return { state, by: detail, ...(comment === undefined ? {} : { comment }) };
    case 'expired':
      return { state, afterMs: Number(detail) };
    case 'failed':
      return { state, message: detail };
    case 'ignored':
      return { state, reason: detail };
    default:
      return { state };
  }
}
