/** What the gates of a hop ask for now: those of its Pipeline, and the minimums of the operator's policy. */
import { type GatePolicies } from '../domain/gates/registry';
import {
  type Dependency,
  findHopInto,
  type GateSettings,
  type Hop,
  type Pipeline,
} from '../domain/pipeline/pipeline';
import { type PolicyRule, type PromotionPolicy, rulesFor } from '../domain/policy/promotion-policy';
import { type PromotionTask } from '../domain/promotion/promotion';
import { readWindows } from '../domain/windows/read-windows';
import { type PipelineStore } from '../store/pipeline-store';
import { readDependencies, type ReadLane } from './read-dependencies';

/** What gates need to know besides the Pipeline. */
export interface GateSources {
  /** The operator's policy as it is now. */
  readonly policy?: () => PromotionPolicy;
  readonly readLane: ReadLane;
}

export async function askedGates(
  store: Pick<PipelineStore, 'pipeline'>,
  { policy = () => ({ rules: [] }), readLane }: GateSources,
  task: Pick<PromotionTask, 'action' | 'pipeline' | 'to'>,
  pipeline: Pipeline,
  hop: Hop,
): Promise<Omit<GatePolicies, 'manual'>> {
  const inForce = policy();
  const sources = {
    store,
    readLane,
    dependencies: (of: Pipeline, environment: string) => dependenciesInto(inForce, of, environment),
  };
  const place = { pipeline: task.pipeline, environment: task.to };
  const asked = async (settings: GateSettings): Promise<Omit<GatePolicies, 'manual'>> => {
    const { dependsOn: dependencies = [] } = settings;
    // To withdraw a version needs none, and reading them takes time.
    const isNeeded = dependencies.length > 0 && task.action === 'promote';
    return {
      ...withoutDependencies(settings, hop),
      ...(isNeeded ? { dependsOn: await readDependencies(place, dependencies, sources) } : {}),
    };
  };
  const [own, ...minimums] = await Promise.all([
    asked(hop.gates),
    ...rulesInto(inForce, pipeline, hop.to.name).map(async ({ name, gates }): Promise<GatePolicies> => ({
      manual: false,
      rule: name,
      ...(await asked(gates)),
    })),
  ]);
  return { ...own, ...(minimums.length === 0 ? {} : { minimums }) };
}

/** Only a pull request can be open while its gates are closed: a notification is all that there is. */
function withoutDependencies(settings: GateSettings, { promotion }: Hop): Omit<GatePolicies, 'manual'> {
  const { approvals, promoteOn, soakMs = 0, windows: calendar = [], stage } = settings;
  const windows = readWindows(calendar, Date.now());
  return {
    ...(approvals === undefined ? {} : { approvals }),
    ...(promoteOn === 'tested' ? { promoteOn } : {}),
    ...(soakMs === 0 ? {} : { soakMs }),
    ...(windows === undefined ? {} : { windows }),
    ...(stage === 'merge' && promotion.strategy.kind === 'pull-request' ? { stage } : {}),
  };
}

/** What people must decide before the hop is made, `manual` included; quick, because it reads no other pipelines. */
export function askedDecisions(policy: PromotionPolicy, pipeline: Pipeline, hop: Hop): GatePolicies {
  const minimums = rulesInto(policy, pipeline, hop.to.name).map(({ name, gates }): GatePolicies => ({
    manual: false,
    rule: name,
    ...withoutDependencies(gates, hop),
  }));
  return {
    manual: hop.promotion.manual,
    ...withoutDependencies(hop.gates, hop),
    ...(minimums.length === 0 ? {} : { minimums }),
  };
}

function dependenciesInto(
  policy: PromotionPolicy,
  pipeline: Pipeline,
  environment: string,
): readonly Dependency[] {
  const own = findHopInto(pipeline, environment)?.gates.dependsOn ?? [];
  return [...own, ...rulesInto(policy, pipeline, environment).flatMap(({ gates }) => gates.dependsOn ?? [])];
}

function rulesInto(policy: PromotionPolicy, pipeline: Pipeline, name: string): readonly PolicyRule[] {
  const environment = pipeline.environments.find((each) => each.name === name) ?? { name };
  return rulesFor(policy, { namespace: pipeline.namespace, environment });
}
