/** One line of a lane's recent past, for the operator: how it is kept, and what is read out of it. */
import { type FailureCode } from '../errors';
import { type EndFacts, type EndedPromotion } from '../promotion/sentences';
import { type PromotionEnd, type PromotionTask } from '../promotion/promotion';

/** Kept in histories: change it as `LaneState`. */
export interface LaneOutcome {
  readonly version: string;
  readonly state: PromotionEnd['state'];
  /** The pull request's page, the message of a failure, a reason or what superseded it. */
  readonly detail?: string;
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
    ...(task.action === 'withdraw' ? { action: task.action } : {}),
    from: task.from,
    endedAt,
  };
}

const supersededBy = 'by ';

function detailOf(end: PromotionEnd): string | undefined {
  switch (end.state) {
    case 'pull-request':
      return end.url;
    case 'withdrawn':
      return end.url;
    case 'superseded':
      return supersededBy + end.by;
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

export function endFacts({ state, detail = '', comment }: LaneOutcome): EndFacts {
  switch (state) {
    case 'pull-request':
      return { state, url: detail };
    case 'withdrawn':
      return { state, ...(detail === '' ? {} : { url: detail }) };
    case 'superseded':
      return { state, by: detail.slice(supersededBy.length) };
    case 'rejected':
      return { state, by: detail, ...(comment === undefined ? {} : { comment }) };
    case 'failed':
      return { state, message: detail };
    case 'ignored':
      return { state, reason: detail };
    default:
      return { state };
  }
}
