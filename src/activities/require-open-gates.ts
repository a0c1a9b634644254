import { ApplicationFailure } from '@temporalio/activity';
import { gatesClosed } from '../workflows/contract/messages';

/**
 * An attempt may have waited for a worker, or be repeated after one was lost, until after the gates have closed.
 * @param before milliseconds since the epoch; undefined: time does not close them
 * @throws ApplicationFailure that the promotion does not count as a failed attempt
 */
export function requireOpenGates(before: number | undefined): void {
  if (before === undefined || Date.now() < before) return;
  throw ApplicationFailure.create({
    type: gatesClosed,
    message: 'The gates closed before the attempt began: it did nothing.',
    nonRetryable: true,
    category: 'BENIGN',
  });
}
