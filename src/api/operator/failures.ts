/** Which problem the errors of the parts are that handlers call. */
import { AccessUnavailable } from '../../access/access';
import { WindlassError } from '../../domain/errors';
import { TemporalUnavailable } from '../../temporal/lane-reporter';
import { ActRefused, NoWorkerAnswers } from '../../temporal/operator-acts';
import { NotReadYet } from '../../read-model/read-model';
import { FreezeRefused } from '../../store/freeze-desk';
import { Refusal } from './refusal';

/** @returns undefined: an error that no one expects */
export function refusalFor(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (error instanceof ActRefused) return new Refusal('conflict', error.message);
  if (error instanceof FreezeRefused) return new Refusal('conflict', error.message);
  if (error instanceof NoWorkerAnswers) return new Refusal('no-worker', error.message);
  if (error instanceof NotReadYet) return new Refusal('unavailable', error.message);
  if (error instanceof TemporalUnavailable) {
    return new Refusal('unavailable', 'Temporal cannot be reached at the moment. Retry.');
  }
  if (error instanceof AccessUnavailable) {
    return new Refusal('unavailable', 'Rights cannot be checked at the moment. Retry.');
  }
  if (error instanceof WindlassError) {
    return error.code === 'store-unavailable'
      ? new Refusal('unavailable', 'Pipelines and Freezes cannot be read or written at the moment. Retry.')
      : new Refusal('conflict', error.message);
  }
  return undefined;
}
