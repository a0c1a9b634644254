/** Files of Kubernetes manifests: the Pipelines and Secrets in them, and what is wrong with them. */
import { type Pipeline, type PipelineRef } from '../domain/pipeline/pipeline';
import { type Fault, type FieldPath, formatFault, formatPath, type ObjectFault } from './faults';
import { isRecord, refOf, type Reading } from './object-schema';
import { pipelineGroup, pipelineKind, readPipelineManifest } from './pipeline-schema';
import { readSecretManifest, secretApiVersion, secretKind, type SecretManifest } from './secret-schema';
import { readYamlDocuments } from './yaml-documents';

export { type Fault, formatFault } from './faults';

/** A ConfigMap's limit: a file beyond it is no manifest that a cluster would take. */
export const maxManifestBytes = 1024 * 1024;

/** A Pipeline that is there and invalid. */
export interface InvalidPipeline extends PipelineRef {
  /** What is wrong and where, on one line. */
  readonly reason: string;
}

/** What one file holds. */
export interface Manifests {
  readonly source: string;
  readonly pipelines: readonly Pipeline[];
  /** Those left out that say at least who they are. */
  readonly invalid: readonly InvalidPipeline[];
  readonly secrets: readonly SecretManifest[];
  /** Why something in the file was left out. */
  readonly faults: readonly Fault[];
  /** What was ignored without harm, such as unknown fields. */
  readonly warnings: readonly Fault[];
  /** False: some of the file could not be read at all, so it may hold more than is listed here. */
  readonly wellFormed: boolean;
}

interface ManifestObject {
  readonly value: Record<string, unknown>;
  /** Where the object is in its document. */
  readonly path: FieldPath;
  readonly lineOf: (path: FieldPath) => number;
}

/**
 * Reads all Pipelines and Secrets of a YAML text, also those in a `kind: List`. Objects of other kinds are none of
 * our business; an object with a fault is left out and takes no other down.
 *
 * @param source the file's name, for the faults
 */
export function parseManifests(text: string, source: string): Manifests {
  if (Buffer.byteLength(text) > maxManifestBytes) return unreadableManifests(source, tooLarge);
  const { documents, faults: yamlFaults } = readYamlDocuments(text);
  const pipelines: Pipeline[] = [];
  const invalid: InvalidPipeline[] = [];
  const secrets: SecretManifest[] = [];
  const faults: Fault[] = yamlFaults.map((fault) => ({ source, path: '', ...fault }));
  const warnings: Fault[] = [];

  const accept = <T>(object: ManifestObject, reading: Reading<T>, list: T[]) => {
    const locate = ({ path, reason }: ObjectFault): Fault => {
      const place = [...object.path, ...path];
      return { source, line: object.lineOf(place), path: formatPath(place), reason };
    };
    const located = reading.faults.map(locate);
    faults.push(...located);
    warnings.push(...reading.warnings.map(locate));
    if (reading.value !== undefined) list.push(reading.value);
    return located;
  };
  for (const document of documents) {
    for (const object of objectsIn(document.value, document.lineOf)) {
      if (isOurs(object.value)) {
        const [fault] = accept(object, readPipelineManifest(object.value), pipelines);
        const ref = refOf(object.value);
        if (fault !== undefined && ref !== undefined) invalid.push({ ...ref, reason: formatFault(fault) });
      }
      if (isSecret(object.value)) accept(object, readSecretManifest(object.value), secrets);
    }
  }
  return { source, pipelines, invalid, secrets, faults, warnings, wellFormed: yamlFaults.length === 0 };
}

/** A file that could not be read, as its manifests. */
export function unreadableManifests(source: string, reason: string): Manifests {
  const fault = { source, path: '', reason };
  return {
    source,
    pipelines: [],
    invalid: [],
    secrets: [],
    faults: [fault],
    warnings: [],
    wellFormed: false,
  };
}

/** Why a file beyond `maxManifestBytes` is refused. */
export const tooLarge = `is larger than ${maxManifestBytes / 1024} KiB: split it`;

function objectsIn(value: unknown, lineOf: ManifestObject['lineOf']): ManifestObject[] {
  if (!isRecord(value)) return [];
  const { kind, items } = value;
  const isList = kind === 'List' || kind === `${pipelineKind}List` || kind === `${secretKind}List`;
  if (!isList || !Array.isArray(items)) return [{ value, path: [], lineOf }];
  return items.flatMap((item: unknown, index) =>
    isRecord(item) ? [{ value: item, path: ['items', index], lineOf }] : [],
  );
}

/** Of our API group, whatever the version: a version that we do not know is a fault, Tekton's Pipelines are none. */
function isOurs({ apiVersion, kind }: Record<string, unknown>): boolean {
  return (
    kind === pipelineKind && typeof apiVersion === 'string' && apiVersion.split('/')[0] === pipelineGroup
  );
}

function isSecret({ apiVersion, kind }: Record<string, unknown>): boolean {
  return kind === secretKind && apiVersion === secretApiVersion;
}
