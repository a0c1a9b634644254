/** Whether what a page shows may be old, and why: pure. */
import { describeDuration } from '../components/time-text';

export interface Sources {
  readonly connection: 'opening' | 'open' | 'lost';
  readonly workers: 'answering' | 'silent' | 'unknown';
  /** Milliseconds since a worker answered, where that is known. */
  readonly workersSilentMs?: number | undefined;
  /** Milliseconds since Temporal was asked and answered, where that is known. */
  readonly behindMs?: number | undefined;
  /** What the API says that it cannot do now. */
  readonly unavailable?: string | undefined;
}

/** Temporal is asked every few seconds. */
const oldMs = 60_000;

/** @returns sentences for the banner; undefined: all is as it should be */
export function staleness({
  connection,
  workers,
  workersSilentMs,
  behindMs = 0,
  unavailable,
}: Sources): string | undefined {
  if (connection === 'lost') {
    return 'The connection to Windlass is lost: what you see may be old. This page tries again by itself.';
  }
  if (unavailable !== undefined) return `What you see may be old. ${unavailable}`;
  if (behindMs > oldMs) {
    return `Temporal has not answered for ${describeDuration(behindMs)}: what you see is as old as that. Check that Temporal runs.`;
  }
  if (workers === 'silent') {
    const duration = workersSilentMs === undefined ? '' : ` for ${describeDuration(workersSilentMs)}`;
    return `No worker has answered${duration}: nothing is promoted until one does. Check that windlass worker runs.`;
  }
  return undefined;
}
