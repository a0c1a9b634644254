import { type Claim } from '../domain/capability/claim';

/** Of `api`, and of the worker for what it has made itself. */
export interface CapabilitySigner {
  /**
   * @returns a token: text without white space, at most 16 KiB
   * @throws ClaimTooLong
   */
  sign(claim: Claim): string;
}

/** Of the worker, whose activities ask it right before they act. */
export interface CapabilityVerifier {
  /** @returns undefined: no known key signed it, or it is not a token */
  verify(token: string): Claim | undefined;
  /** What began before this time may act without tokens, milliseconds since the epoch. */
  readonly notBefore: number | undefined;
}

export type Capabilities = CapabilitySigner & CapabilityVerifier;
