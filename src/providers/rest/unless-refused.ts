import { type FailureCode } from '../../domain/errors';
import { ApiRefusal } from './refusal';

/** @returns undefined where the API refuses with one of these codes; everything else that fails is thrown */
export async function unlessRefused<T>(
  codes: readonly FailureCode[],
  asked: Promise<T>,
): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ApiRefusal && codes.includes(error.code)) return undefined;
    throw error;
  }
}
