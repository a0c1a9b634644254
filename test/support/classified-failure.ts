import { inspect } from 'node:util';
import { WindlassError } from '../../src/domain/errors';

/** The failure that a call ends with; throws when it ends otherwise, or with something unclassified. */
export async function failureOf(call: Promise<unknown>): Promise<WindlassError> {
  const outcome: unknown = await call.then(
    (value) => value,
    (error: unknown) => error,
  );
  if (outcome instanceof WindlassError) return outcome;
  throw new Error(`expected a classified failure, got ${inspect(outcome)}`);
}
