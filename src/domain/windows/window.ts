/** A recurring span of time in which an environment takes promotions, or takes none. */
export interface Window {
  /** Takes them (the times outside of all such windows do not), or takes none whatever the others say. */
  readonly kind: 'allow' | 'deny';
  /** When it begins: five fields of cron. */
  readonly schedule: string;
  /** How long it lasts, in elapsed milliseconds: clocks that change meanwhile do not matter. */
  readonly durationMs: number;
  /** The IANA time zone that the schedule is in. */
  readonly timeZone: string;
}

export const shortestWindowMs = 60_000;
export const longestWindowMs = 7 * 24 * 60 * 60 * 1000;
/** For one environment. */
export const maxWindows = 20;
/** In one Pipeline: to check a schedule takes time. */
export const maxWindowsOfPipeline = 200;
