/** Tokens: `wl1.<key id>.<claim>.<MAC>`, the last two in base64url. The MAC covers all that is before it. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Claim } from '../domain/capability/claim';
import { type CapabilitySigner, type CapabilityVerifier } from './capabilities';
import { type CapabilityKeys } from './capability-keys';
import { readClaim } from './claim-schema';

/** Names the format: what has another one is no token. */
const prefix = 'wl1';
/** A person can be in 200 groups; a workflow's history has each token several times. */
export const longestToken = 16 * 1024;
const shape = /^wl1\.([\w-]{1,64})\.([\w-]+)\.([\w-]{43})$/;

/** A claim that makes a token longer than `longestToken`, such as one of a person in hundreds of groups. */
export class ClaimTooLong extends Error {
  override readonly name = 'ClaimTooLong';
}

/**
 * Signs with the first key and verifies with all.
 * @param keys those in force at the moment
 */
export function createCapabilities(keys: () => CapabilityKeys): CapabilitySigner & CapabilityVerifier {
  return {
    sign(claim) {
      const [first] = keys().keys;
      const signed = `${prefix}.${first.id}.${Buffer.from(JSON.stringify(claim)).toString('base64url')}`;
      const token = `${signed}.${macOf(signed, first.key)}`;
      if (token.length > longestToken) {
        throw new ClaimTooLong(
          `A signed ${claim.kind} would have ${token.length} bytes, more than ${longestToken}: its text or its person's list of groups is too long.`,
        );
      }
      return token;
    },
    verify(token): Claim | undefined {
      if (token.length > longestToken) return undefined;
      const [, id, claim, mac] = shape.exec(token) ?? [];
      if (claim === undefined || mac === undefined) return undefined;
      const known = keys().keys.find((each) => each.id === id);
      if (known === undefined) return undefined;
      const expected = Buffer.from(macOf(token.slice(0, -mac.length - 1), known.key));
      // As text: base64url of 32 bytes has several spellings, of which one is signed.
      if (!timingSafeEqual(expected, Buffer.from(mac))) return undefined;
      return readClaim(Buffer.from(claim, 'base64url').toString('utf8'));
    },
    get notBefore() {
      return keys().acceptUnsignedBefore;
    },
  };
}

function macOf(text: string, key: Uint8Array): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}
