import { WindlassError } from '../domain/errors';

/**
 * @param key `namespace/name`
 * @param reason the error and its place
 */
export function invalidPipeline(key: string, reason: string): WindlassError {
  return new WindlassError('invalid-pipeline', `The Pipeline ${key} is invalid: ${reason}.`);
}
