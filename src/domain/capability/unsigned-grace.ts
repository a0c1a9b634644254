/** For how long after `acceptUnsignedBefore` what began before it may act without tokens. */
const graceDays = 30;
const graceMs = graceDays * 24 * 60 * 60 * 1000;

/** @param notBefore `acceptUnsignedBefore` @returns when it ends; both in milliseconds since the epoch */
export function unsignedUntil(notBefore: number): number {
  return notBefore + graceMs;
}
