/**
 * The gates closed before an attempt acted, so it did nothing. The promotion does not count it as a failed attempt: see
 * `gatesClosed` in `src/workflows/contract/messages.ts`.
 */
export class GatesClosed extends Error {
  override readonly name = 'GatesClosed';
}
