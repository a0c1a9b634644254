/** An act whose answer was lost, with the process or on the way: repeated, it must not look as if it had failed. */
import { type LaneState } from '../../../domain/lane/lane-state';
import { type AuditRecord } from '../../../domain/record/audit-record';
import { ActRefused, type OperatorActs } from '../../../temporal/operator-acts';
import { promotionId } from '../../../workflows/contract/ids';
import { type Asking } from '../operator-request';
import { Refusal } from '../refusal';
import { manualKey } from '../idempotency';

interface Subject {
  readonly namespace: string;
  readonly name: string;
  readonly environment: string;
  readonly version: string;
  /** Of the act: see `actKey`. */
  readonly key: string;
}

export interface AnsweredBefore {
  readonly said: string;
  readonly promotion?: string;
  /** Milliseconds since the epoch. */
  readonly at?: number;
}

/** Whether a refusal may only mean that the act was done. */
export function mayBeRepeated({ idempotencyKey }: Asking, error: unknown): boolean {
  const isConflict = error instanceof ActRefused || (error instanceof Refusal && error.code === 'conflict');
  return idempotencyKey !== undefined && isConflict;
}

/**
 * Looks for the act in the promotions of the version that the lane knows, and in the lane's record: a promotion forgets what it
 * was sent when it begins another history.
 */
export async function answeredBefore(
  acts: Pick<OperatorActs, 'laneState' | 'records' | 'taken'>,
  { namespace, name, environment, version, key }: Subject,
): Promise<AnsweredBefore | undefined> {
  const ref = { namespace, name };
  const state = await acts.laneState(ref, environment);
  if (state === undefined) return undefined;
  for (const promotion of promotionsOf(state, version)) {
    for (const updateId of [key, manualKey(key)]) {
      const taken = await acts.taken(promotion, updateId);
      if (taken !== undefined) return { said: saidOf(taken.answer, version), promotion };
    }
  }
  const record = (await acts.records(ref, environment))?.find((each) => each.key === key);
  return record && { said: sentenceOf(record, version, environment), at: record.at };
}

/** Those that have just ended included. */
function promotionsOf(lane: LaneState, version: string): readonly string[] {
  const { pipeline, environment, inHand, settling, lastFailed, deployed, passedBy = [], held = [] } = lane;
  const tasks = [inHand, settling?.task, ...held.map(({ task }) => task), lastFailed, deployed, ...passedBy];
  const ids = tasks.flatMap((task) =>
    task?.version === version && task.action === 'promote'
      ? [promotionId(pipeline, environment, version, task.event.identity)]
      : [],
  );
  return [...new Set(ids)];
}

/** An approval of `manual: true` answers nothing. */
function saidOf(answer: unknown, version: string): string {
  if (typeof answer === 'string') return answer;
  const said = typeof answer === 'object' && answer !== null && 'said' in answer ? answer.said : undefined;
  return typeof said === 'string' ? said : approved(version);
}

export function approved(version: string): string {
  return `${version} is approved.`;
}

function sentenceOf({ kind }: AuditRecord, version: string, environment: string): string {
  if (kind === 'approved') return approved(version);
  if (kind === 'rejected') return `${version} is not promoted into ${environment}.`;
  return `The gates were opened for ${version} into ${environment}.`;
}
