/** `gates.approvals`. It is in workflow histories: add fields as optional ones. */
export interface ApprovalSettings {
  /** How many different people. */
  readonly required: number;
  /** Who counts: these people, and those in one of these groups. Both absent: anyone with a name. */
  readonly users?: readonly string[];
  readonly groups?: readonly string[];
  /** How long an approval counts, in milliseconds. Absent: forever. */
  readonly expiresAfterMs?: number;
  /** Those who asked for the promotion, or wrote commits on its branch, count as well. */
  readonly allowRequesters?: true;
}

export const mostRequired = 10;
/** Of users, and of groups. */
export const mostNamed = 50;
/** Of a person's or a group's name. */
export const longestName = 253;
/** Within a shorter time, a second person cannot react. */
export const shortestExpiryMs = 60_000;
export const longestExpiryMs = 365 * 24 * 60 * 60 * 1000;

/** What a name must not contain: with invisible characters, one person could be several. */
const notInNames = /[\p{C}\p{Zl}\p{Zp}]/u;

/** Whether names can be compared with it: trimmed, visible, not too long. */
export function isName(text: string): boolean {
  return text !== '' && text === text.trim() && text.length <= longestName && !notInNames.test(text);
}
