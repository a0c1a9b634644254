import { isDeepStrictEqual } from 'node:util';
import { type Freeze } from '../../domain/freezes/freeze';
import { type FreezeChange } from '../../domain/freezes/freeze-change';
import { formatPipelineRef, type PipelineRef } from '../../domain/pipeline/pipeline';
import { type ManifestSet } from '../../resources/manifest-set';
import { selectedPipelines } from '../selected-pipelines';

/** Pipelines that changed or disappeared between two readings, and those that a changed Freeze selects. */
export function changedPipelines(before: ManifestSet, now: ManifestSet): readonly PipelineRef[] {
  const freezes = [...differing(before.freezes, now.freezes), ...differing(now.freezes, before.freezes)];
  const changed = [...differing(before.pipelines, now.pipelines), ...selectedBy(freezes, now)];
  return [...new Map(changed.map((pipeline) => [formatPipelineRef(pipeline), pipeline])).values()];
}

/** Freezes that appeared, changed or disappeared between two readings. */
export function freezeChanges(
  { freezes: before }: ManifestSet,
  { freezes: now }: ManifestSet,
): readonly FreezeChange[] {
  const gone = [...before].filter(([key]) => !now.has(key)).map(([, freeze]) => ({ before: freeze }));
  const changed = [...now].flatMap(([key, freeze]): FreezeChange[] => {
    const earlier = before.get(key);
    if (earlier === freeze || isDeepStrictEqual(earlier, freeze)) return [];
    return [{ ...(earlier === undefined ? {} : { before: earlier }), now: freeze }];
  });
  return [...gone, ...changed];
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
