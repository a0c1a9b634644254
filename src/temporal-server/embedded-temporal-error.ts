/** Why the embedded Temporal server can't be had; the message says what to do about it. */
export class EmbeddedTemporalError extends Error {
  override readonly name = 'EmbeddedTemporalError';
}
