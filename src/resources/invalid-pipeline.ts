import { WindlassError } from '../domain/errors';

/**
 * @param key `namespace/name`
 * @param reason what is wrong and where
 */
export function invalidPipeline(key: string, reason: string): WindlassError {
  return new WindlassError('invalid-pipeline', `The Pipeline ${key} is invalid: ${reason}.`);
}
