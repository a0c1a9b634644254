import { ageOf } from '../text/age';

/** Of every list. */
export interface Fresh {
  readonly asOf: string;
  readonly workers: 'answering' | 'silent' | 'unknown';
}

const staleMs = 30_000;

/** What people must know about the age of a list, as sentences; usually none. */
export function freshnessNotes({ asOf, workers }: Fresh, now: number): string[] {
  return [
    ...(workers === 'silent' ? ['No worker runs: nothing changes until one does.'] : []),
    ...(now - Date.parse(asOf) > staleMs
      ? [`This is how it was ${ageOf(asOf, now)} ago: the server has not reached Temporal since.`]
      : []),
  ];
}
