import { type Freeze, isInForce, selectsPipeline } from '../domain/freezes/freeze';
import { type LaneState } from '../domain/lane/lane-state';
import { findHopInto, formatPipelineRef, type Pipeline } from '../domain/pipeline/pipeline';
import { type Environment, type PipelineDetails, type PipelineSummary } from '../operator/schemas/pipelines';
import { type ListedPipeline } from '../store/pipeline-store';
import { gateSentences } from './gate-sentences';
import { type Freshness } from './lane-follower';
import { versionsAhead } from './versions-ahead';

export interface DetailSources {
  readonly listed: ListedPipeline;
  readonly summary: PipelineSummary;
  readonly freshness: Freshness;
  readonly freezes: readonly Freeze[];
  /** By environment promoted into, as far as they answered. */
  readonly states: ReadonlyMap<string, LaneState>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function pipelineDetails(sources: DetailSources): PipelineDetails {
  const { listed, summary, freshness, freezes, states, now } = sources;
  const pipeline = listed.valid ? listed.pipeline : undefined;
  const holding = pipeline === undefined ? [] : freezes.filter((freeze) => holds(freeze, pipeline, now));
  const suspending = holding.filter(({ suspends }) => suspends === true);
  const freezing = holding.filter((freeze) => !suspending.includes(freeze));
  const suspendedByApi = suspending.some(({ environments }) => environments === undefined);
  return {
    ...summary,
    suspended: summary.suspended || suspendedByApi,
    application: pipeline === undefined ? '' : `${pipeline.appRef.kind} ${pipeline.appRef.name}`,
    environments: summary.environments.map((environment, index) => ({
      ...environment,
      ...settingsOf(pipeline, environment.name),
      freezes: namesOf(
        freezing.filter(({ environments }) => environments?.includes(environment.name) ?? true),
      ),
      suspended: suspending.some(({ environments }) => environments?.includes(environment.name) === true),
      // What it runs is nothing to go back to.
      ran: (states.get(environment.name)?.ran ?? [])
        .filter(({ version }) => version !== environment.version)
        .map(({ version, at }) => ({ version, at: new Date(at).toISOString() })),
      ...aheadOf(sources, environment, pipeline === undefined ? undefined : summary.environments[index - 1]),
    })),
    freezes: namesOf(freezing),
    ...freshness,
  };
}

/** @param before undefined: it is the first one, or the order is not known */
function aheadOf(
  { listed, states }: DetailSources,
  environment: Environment,
  before: Environment | undefined,
): ReturnType<typeof versionsAhead> {
  if (before === undefined) return {};
  return versionsAhead({
    environment,
    state: states.get(environment.name),
    before: { environment: before, state: states.get(before.name) },
    changesUrl: listed.valid ? listed.pipeline.changesUrl : undefined,
  });
}

function namesOf(freezes: readonly Freeze[]): string[] {
  return freezes.map(formatPipelineRef).sort();
}

/** Promotions into at least one environment. */
function holds(freeze: Freeze, pipeline: Pipeline, now: number): boolean {
  const { environments } = freeze;
  const isThere = pipeline.environments.some(({ name }) => environments?.includes(name) ?? true);
  return isThere && selectsPipeline(freeze, pipeline) && isInForce(freeze, now);
}

function settingsOf(
  pipeline: Pipeline | undefined,
  name: string,
): Pick<PipelineDetails['environments'][number], 'targets' | 'strategy' | 'gates'> {
  const environment = pipeline?.environments.find((each) => each.name === name);
  const hop = pipeline === undefined ? undefined : findHopInto(pipeline, name);
  return {
    targets: (environment?.targets ?? []).map(({ namespace, cluster }) => ({
      namespace,
      ...(cluster === undefined ? {} : { cluster }),
    })),
    strategy: hop?.promotion.strategy.kind ?? 'none',
    gates: hop === undefined ? [] : gateSentences(hop),
  };
}
