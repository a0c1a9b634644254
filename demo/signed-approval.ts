import { readFile } from 'node:fs/promises';
import { createCapabilities } from '../src/capability/create-capabilities';
import { type DecisionInput } from '../src/domain/approvals/decision';
import { readCapabilityKeys } from '../src/resources/capability-keys-schema';
import { DemoFailure } from './demo-failure';

/**
 * What Windlass's API would send for this person: the demo has the key of its own installation.
 * @param keyFile that `windlass dev` made
 */
export async function signedApproval(
  keyFile: string,
  { workflowId, version }: { readonly workflowId: string; readonly version: string },
  name: string,
): Promise<DecisionInput> {
  const { value: keys } = readCapabilityKeys(await readFile(keyFile, 'utf8'), keyFile);
  if (keys === undefined) throw new DemoFailure(`${keyFile} has no key.`);
  const actor = { name, via: 'token' } as const;
  const claim = { kind: 'approve', promotion: workflowId, version, actor, at: Date.now() } as const;
  const capability = createCapabilities(() => keys).sign(claim);
  return { version, by: name, via: actor.via, capability };
}
