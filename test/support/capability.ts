import { type Capabilities } from '../../src/capability/capabilities';
import { type CapabilityKey, type CapabilityKeys } from '../../src/capability/capability-keys';
import { createCapabilities } from '../../src/capability/create-capabilities';
import { type DecisionClaim, type ReportClaim } from '../../src/domain/capability/claim';
import { contentOf } from '../../src/domain/capability/event-content';
import { type DeploymentEvent } from '../../src/domain/event';
import { type Actor } from '../../src/domain/people/actor';
import { laneId } from '../../src/workflows/contract/ids';

export const testKey = (id: string, byte = 1): CapabilityKey => ({ id, key: new Uint8Array(32).fill(byte) });

/** Capabilities with these keys, the first of which signs. */
export function capabilitiesWith(
  keys: CapabilityKeys['keys'] = [testKey('a')],
  acceptUnsignedBefore?: number,
): Capabilities {
  return createCapabilities(() => ({
    keys,
    ...(acceptUnsignedBefore === undefined ? {} : { acceptUnsignedBefore }),
  }));
}

export const alice: Actor = { name: 'oidc:alice', groups: ['ops'], via: 'oidc' };

/** What the webhook vouches for, with this event. */
export function reportClaim(event: DeploymentEvent, into = 'staging'): ReportClaim {
  const { pipeline, version, identity, at } = event;
  return {
    kind: 'report',
    lane: laneId(pipeline, into),
    version,
    identity,
    content: contentOf(event),
    at,
  };
}

/** The approval of a promotion, by its workflow id. */
export function approvalClaim(
  promotion: string,
  version: string,
  at: number,
  more: Partial<DecisionClaim> = {},
): DecisionClaim {
  return { kind: 'approve', promotion, version, at, actor: alice, ...more };
}
