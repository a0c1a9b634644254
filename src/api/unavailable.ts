import { WindlassError } from '../domain/errors';
import { TemporalUnavailable } from '../temporal/lane-reporter';

/** What a request needs is away. `why` is only for the operator's log. */
export interface Unavailable {
  readonly outcome: 'temporal-unavailable' | 'store-unavailable';
  readonly why: () => string;
}

/** @throws the error, if it is any other */
export function unavailable(error: unknown): Unavailable {
  if (error instanceof TemporalUnavailable) {
    return { outcome: 'temporal-unavailable', why: () => error.message };
  }
  if (error instanceof WindlassError && error.code === 'store-unavailable') {
    return { outcome: 'store-unavailable', why: () => error.message };
  }
  throw error;
}
