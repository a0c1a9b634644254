import { bounded } from '../../domain/names';

/** Temporal's `limit.userMetadataSummarySize` is 400 bytes of JSON with its metadata; quotes in it count twice. */
const summaryBytes = 300;

/** A workflow's static summary, one line of the Temporal Web UI. */
export function summaryText(text: string): string {
  return bounded(text, summaryBytes);
}
