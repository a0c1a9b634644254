import { type LaneView } from '../domain/lane/lane-view';
import { type Environment, type PipelineSummary } from '../operator/schemas/pipelines';
import { type ListedPipeline } from '../store/pipeline-store';
import { environmentOf } from './environments';

/** @param lanes of the Pipeline, by the environment that they promote into */
export function summarize(listed: ListedPipeline, lanes: ReadonlyMap<string, LaneView>): PipelineSummary {
  const { namespace, name } = listed.pipeline;
  const environments = environmentsOf(listed, lanes);
  const changedAt = latest(environments);
  return {
    namespace,
    name,
    labels: listed.valid ? { ...listed.pipeline.labels } : {},
    valid: listed.valid,
    ...(listed.valid ? {} : { fault: listed.fault }),
    suspended: listed.valid && listed.pipeline.suspended === true,
    environments,
    ...(changedAt === undefined ? {} : { changedAt }),
  };
}

function environmentsOf(listed: ListedPipeline, lanes: ReadonlyMap<string, LaneView>): Environment[] {
  // Of an invalid Pipeline only the lanes know any.
  const names = listed.valid
    ? listed.pipeline.environments.map(({ name }) => name)
    : [...lanes.keys()].sort();
  return names.map((name, index) => {
    const next = listed.valid ? names[index + 1] : undefined;
    return environmentOf(name, listed.valid && index === 0, {
      own: lanes.get(name),
      next: next === undefined ? undefined : lanes.get(next),
    });
  });
}

function latest(environments: readonly Environment[]): string | undefined {
  const times = environments.flatMap(({ changedAt }) => (changedAt === undefined ? [] : [changedAt]));
  return times.sort().at(-1);
}
