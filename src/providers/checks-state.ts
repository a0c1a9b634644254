import { type ChecksState } from './port';

/** What one check says; `absent` for one that does not count, as a skipped one. */
export type CheckVerdict = 'passed' | 'failed' | 'pending' | 'absent';

/** Several checks together: one that failed fails all, and one that still runs keeps the others waiting. */
export function combineChecks(verdicts: readonly CheckVerdict[]): ChecksState {
  return (['failed', 'pending', 'passed'] as const).find((each) => verdicts.includes(each)) ?? 'none';
}
