import { inspect } from 'node:util';
import { WindlassError } from '../../src/domain/errors';

/** The failure that a call ends with; throws when it ends otherwise, or with something unclassified. */
export async function failureOf(call: Promise<unknown>): Promise<WindlassError> {
  return classified(
    await call.then(
      (value) => value,
      (error: unknown) => error,
    ),
  );
}

/** The same for a call that is no promise. */
export function failureThrownBy(call: () => unknown): WindlassError {
  let outcome: unknown;
  try {
    outcome = call();
  } catch (error) {
    outcome = error;
  }
  return classified(outcome);
}

function classified(outcome: unknown): WindlassError {
  if (outcome instanceof WindlassError) return outcome;
  throw new Error(`expected a classified failure, got ${inspect(outcome)}`);
}
