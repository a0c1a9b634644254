import { type Freeze, selectsPipeline } from '../domain/freezes/freeze';
import { type Pipeline, type PipelineRef } from '../domain/pipeline/pipeline';

/** The Pipelines that at least one of the freezes is about, whatever its time and environments. */
export function selectedPipelines(
  freezes: readonly Freeze[],
  pipelines: Iterable<Pipeline>,
): readonly PipelineRef[] {
  return [...pipelines].filter((pipeline) => freezes.some((freeze) => selectsPipeline(freeze, pipeline)));
}
