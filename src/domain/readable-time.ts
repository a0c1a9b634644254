/**
 * Formats a time for display, to the minute: `2026-11-23 17:05 UTC`.
 * @param at milliseconds since the epoch
 */
export function readableTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
