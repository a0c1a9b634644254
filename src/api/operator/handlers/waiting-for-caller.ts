/** Pipelines with a version that waits for the approval of the caller. */
import { allowedNamespaces, allowedPipelines } from '../../../access/allowed-namespaces';
import { type Caller } from '../../../access/access';
import { isNamed } from '../../../domain/approvals/quorum';
import { isRequester } from '../../../domain/approvals/requesters';
import { findHopInto, formatPipelineRef, type PipelineRef } from '../../../domain/pipeline/pipeline';
import { rulesFor } from '../../../domain/policy/promotion-policy';
import { needsApproval } from '../../../operator/environment-filter';
import { type Environment } from '../../../operator/schemas/pipelines';
import { type ListedPipeline } from '../../../store/pipeline-store';
import { type HandlerParts } from './handler-parts';

/** An authorizer may ask an API server each time. */
const mostByName = 100;

/**
 * By what the lanes know, so that it costs no question to a worker. Of Pipelines whose namespace the caller may not approve
 * in, the first hundred are looked at by name.
 * @param sees what of it the caller may get
 * @throws AccessUnavailable, NotReadYet
 */
export async function waitingForCaller(
  { access, model, policy }: Pick<HandlerParts, 'access' | 'model' | 'policy'>,
  caller: Caller,
  sees: (ref: PipelineRef) => boolean,
): Promise<ReadonlySet<string>> {
  const waiting: PipelineRef[] = [];
  for (const { listed, summary } of model.all()) {
    const counts = (environment: Environment): boolean => approvalCounts(policy, caller, listed, environment);
    if (sees(summary) && summary.environments.some(counts)) waiting.push(summary);
  }
  const namespaces = await allowedNamespaces(
    access,
    caller,
    'approve',
    waiting.map(({ namespace }) => namespace),
  );
  const found = waiting.filter(({ namespace }) => namespaces.has(namespace));
  const others = waiting.filter(({ namespace }) => !namespaces.has(namespace)).slice(0, mostByName);
  found.push(...(await allowedPipelines(access, caller, 'approve', others)));
  return new Set(found.map(formatPipelineRef));
}

/** Whether an approval of the caller would change something, as far as the lane knows. */
function approvalCounts(
  policy: HandlerParts['policy'],
  { name, groups }: Caller,
  listed: ListedPipeline,
  environment: Environment,
): boolean {
  const { acting } = environment;
  if (acting?.action !== 'promote' || !needsApproval(environment)) return false;
  if (isRequester(name, { requesters: acting.approval?.excluded ?? [] })) return false;
  const hop = listed.valid ? findHopInto(listed.pipeline, environment.name) : undefined;
  if (hop === undefined) return false;
  if (hop.promotion.manual) return true;
  const rules = rulesFor(policy(), { namespace: listed.pipeline.namespace, environment: hop.to });
  const asked = [hop.gates, ...rules.map(({ gates }) => gates)].flatMap(({ approvals }) => approvals ?? []);
  return asked.some((settings) => isNamed({ by: name, groups }, settings));
}
