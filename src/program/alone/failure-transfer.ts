import { GatesClosed } from '../../activities/gates-closed';
import { WindlassError } from '../../domain/errors';
import { type Answer, type Failure } from './messages';

/** Runs `work` and makes its result, or its error, a message. */
export async function answerOf<T>(work: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await work() };
  } catch (error) {
    return { failure: asFailure(error) };
  }
}

/** The inverse of {@link answerOf}. @throws what `work` threw */
export function valueOf<T>(answer: Answer<T>): T {
  if ('value' in answer) return answer.value;
  throw asError(answer.failure);
}

function asFailure(error: unknown): Failure {
  if (error instanceof WindlassError) {
    const { code, fault, retryAfterMs } = error;
    return { code, fault, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  if (error instanceof GatesClosed) return { gatesClosed: error.message };
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { name, message, ...(stack === undefined ? {} : { stack }) };
}

function asError(failure: Failure): Error {
  if ('code' in failure) {
    const { code, fault, retryAfterMs } = failure;
    return new WindlassError(code, fault, retryAfterMs === undefined ? {} : { retryAfterMs });
  }
  if ('gatesClosed' in failure) return new GatesClosed(failure.gatesClosed);
  return Object.assign(new Error(failure.message), failure);
}
