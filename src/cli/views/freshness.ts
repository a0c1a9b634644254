import { ageOf } from '../text/age';

interface Workers {
  readonly workers: 'answering' | 'silent' | 'unknown';
  readonly workersAt?: string | undefined;
}

/** Of every list. */
export interface Fresh extends Workers {
  readonly asOf: string;
}

const staleMs = 30_000;

/** What people must know about the age of a list, as sentences; usually none. */
export function freshnessNotes(fresh: Fresh, now: number): string[] {
  const { asOf, workers } = fresh;
  return [
    ...(workers === 'silent' ? [silenceNote(fresh, now)] : []),
    ...(now - Date.parse(asOf) > staleMs
      ? [`This is how it was ${ageOf(asOf, now)} ago: the server has not reached Temporal since.`]
      : []),
  ];
}

/** That no worker answers, and for how long, as a sentence. */
export function silenceNote({ workersAt }: Workers, now: number): string {
  return workersAt === undefined
    ? 'No worker runs: nothing changes until one does.'
    : `No worker has answered for ${ageOf(workersAt, now)}: nothing changes until one does.`;
}
