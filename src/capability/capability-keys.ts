export interface CapabilityKey {
  /** In each token that it signs: letters, digits, `_` and `-`. */
  readonly id: string;
  /** At least 32 bytes. */
  readonly key: Uint8Array;
}

export interface CapabilityKeys {
  /** The first signs, all verify. */
  readonly keys: readonly [CapabilityKey, ...CapabilityKey[]];
  /** What began before this time may act without tokens, milliseconds since the epoch. */
  readonly acceptUnsignedBefore?: number;
}
