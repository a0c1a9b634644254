import { clipText, sha256Hex } from '../../domain/names';
import { type PromotionProgress, type PromotionTask } from '../../domain/promotion/promotion';
import { type ProgressDescription } from './describe-progress';

/** An Event on a Pipeline, independent of the API server's format. */
export interface PromotionEvent {
  /** Equal for repetitions of the same Event: an object's name in the Pipeline's namespace. */
  readonly name: string;
  readonly type: ProgressDescription['type'];
  readonly reason: ProgressDescription['reason'] | 'EventDropped';
  readonly action: string;
  readonly note: string;
  readonly environment: string;
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The API server's limit for a note (`NoteLengthLimit`, validation of events.k8s.io/v1). */
const noteBytes = 1_024;
/** Room for the hash, within the 253 characters of an object's name. */
const nameHead = 230;
const hashDigits = 16;

/** @param uid of the Pipeline: a new one with the same name has its own Events */
export function promotionEvent(
  task: Pick<PromotionTask, 'action' | 'pipeline' | 'to' | 'version'>,
  { at }: Pick<PromotionProgress, 'at'>,
  { type, reason, message }: Pick<PromotionEvent, 'type' | 'reason'> & { readonly message: string },
  uid: string,
): PromotionEvent {
  const note = clipText(message, noteBytes);
  const hash = sha256Hex(JSON.stringify([uid, task.to, task.version, reason, note])).slice(0, hashDigits);
  // A name may have dots and dashes only between letters and digits.
  const head = task.pipeline.name.slice(0, nameHead).replace(/[.-]+$/, '');
  return {
    name: `${head}.${hash}`,
    type,
    reason,
    action: task.action === 'promote' ? 'Promote' : 'Withdraw',
    note,
    environment: task.to,
    version: task.version,
    at,
  };
}
