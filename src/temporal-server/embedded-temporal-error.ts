/** Why the embedded Temporal server is not available; the message says what to do. */
export class EmbeddedTemporalError extends Error {
  override readonly name = 'EmbeddedTemporalError';
}
