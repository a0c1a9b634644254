import { isDeepStrictEqual } from 'node:util';
import { type Freeze } from '../../domain/freezes/freeze';
import { formatPipelineRef, type PipelineRef } from '../../domain/pipeline/pipeline';
import { type ManifestSet } from '../../resources/manifest-set';
import { selectedPipelines } from '../selected-pipelines';

/** Pipelines that changed or disappeared between two readings, and those that a changed Freeze selects. */
export function changedPipelines(before: ManifestSet, now: ManifestSet): readonly PipelineRef[] {
  const freezes = [...differing(before.freezes, now.freezes), ...differing(now.freezes, before.freezes)];
  const changed = [...differing(before.pipelines, now.pipelines), ...selectedBy(freezes, now)];
  return [...new Map(changed.map((pipeline) => [formatPipelineRef(pipeline), pipeline])).values()];
}

/** Objects of `one` that `other` does not have like that. */
function differing<T>(one: ReadonlyMap<string, T>, other: ReadonlyMap<string, T>): T[] {
  return [...one].flatMap(([key, object]) => {
    const same = other.get(key);
    return same === object || isDeepStrictEqual(same, object) ? [] : [object];
  });
}

function selectedBy(freezes: readonly Freeze[], { pipelines }: ManifestSet): readonly PipelineRef[] {
  return freezes.length === 0 ? [] : selectedPipelines(freezes, pipelines.values());
}
