import { type SecretData } from '../domain/credentials';
import { type Freeze } from '../domain/freezes/freeze';
import { formatPipelineRef, type Pipeline, type PipelineRef } from '../domain/pipeline/pipeline';
import { type Fault, type Manifests } from './parse-manifests';

/** The combined manifests of several files. */
export interface ManifestSet {
  /** By `namespace/name`. */
  readonly pipelines: ReadonlyMap<string, Pipeline>;
  /** Why a Pipeline is left out, by `namespace/name`. */
  readonly invalid: ReadonlyMap<string, string>;
  /** By `namespace/name`, with what stands in place of invalid ones. */
  readonly freezes: ReadonlyMap<string, Freeze>;
  /** By `namespace/name`. */
  readonly secrets: ReadonlyMap<string, SecretData>;
  /** The errors of all files, and duplicate definitions. */
  readonly faults: readonly Fault[];
}

/** Combines files in the given order; of two objects with one name the first counts, and the second is an error. */
export function combineManifests(files: readonly Manifests[]): ManifestSet {
  const pipelines = new Map<string, Pipeline>();
  const invalid = new Map<string, string>();
  const freezes = new Map<string, Freeze>();
  const secrets = new Map<string, SecretData>();
  const faults = files.flatMap((file) => file.faults);
  const definedIn = new Map<string, string>();

  const isFirst = (kind: string, ref: PipelineRef, source: string): boolean => {
    const object = `${kind} ${formatPipelineRef(ref)}`;
    const earlier = definedIn.get(object);
    if (earlier === undefined) {
      definedIn.set(object, source);
      return true;
    }
    const reason = `${object} is already defined in ${earlier}: this one is ignored`;
    faults.push({ source, path: 'metadata.name', reason });
    return false;
  };
  for (const { source, ...file } of files) {
    for (const pipeline of file.pipelines) {
      if (isFirst('Pipeline', pipeline, source)) pipelines.set(formatPipelineRef(pipeline), pipeline);
    }
    for (const left of file.invalid) invalid.set(formatPipelineRef(left), left.reason);
    for (const freeze of [...file.freezes, ...file.invalidFreezes]) {
      if (isFirst('Freeze', freeze, source)) freezes.set(formatPipelineRef(freeze), freeze);
    }
    for (const secret of file.secrets) {
      if (isFirst('Secret', secret, source)) secrets.set(formatPipelineRef(secret), secret.data);
    }
  }
  return { pipelines, invalid, freezes, secrets, faults };
}
