/** Files of Kubernetes manifests: the Pipelines, Freezes and Secrets in them, and what is wrong with them. */
import { type Freeze } from '../domain/freezes/freeze';
import { formatPipelineRef, type Pipeline, type PipelineRef } from '../domain/pipeline/pipeline';
import { type Fault, type FieldPath, formatFault, formatPath, type ObjectFault } from './faults';
import { freezeKind, invalidFreeze, readFreezeManifest } from './freeze-schema';
import { isRecord, refOf, type Reading } from './object-schema';
import { pipelineGroup } from '../domain/kubernetes-names';
import { pipelineKind, readPipelineManifest } from './pipeline-schema';
import { readSecretManifest, secretApiVersion, secretKind, type SecretManifest } from './secret-schema';
import { readYamlDocuments } from './yaml-documents';

export { type Fault, formatFault } from './faults';

/** The limit of a ConfigMap: no cluster would accept a larger manifest. */
export const maxManifestBytes = 1024 * 1024;

/** Listed of one file; each is logged. */
const maxListed = 100;

/** An existing but invalid Pipeline. */
export interface InvalidPipeline extends PipelineRef {
  /** The error and its place, on one line. */
  readonly reason: string;
}

/** A fault that leaves its object in force. */
export interface Warning extends Fault {
  /** The object, such as `Secret apps/webhook`. */
  readonly object: string;
}

/** What one file holds. */
export interface Manifests {
  readonly source: string;
  readonly pipelines: readonly Pipeline[];
  /** Invalid Pipelines whose name is known. */
  readonly invalid: readonly InvalidPipeline[];
  readonly freezes: readonly Freeze[];
  /** In place of invalid Freezes, see `invalidFreeze`. */
  readonly invalidFreezes: readonly Freeze[];
  readonly secrets: readonly SecretManifest[];
  /** Why objects in the file were left out. */
  readonly faults: readonly Fault[];
  /** What runs in spite of them, such as unknown fields, and is probably not what was meant. */
  readonly warnings: readonly Warning[];
  /** False: some of the file could not be read at all, so it may hold more than is listed here. */
  readonly wellFormed: boolean;
}

interface ManifestObject {
  readonly value: Record<string, unknown>;
  /** The path of the object in its document. */
  readonly path: FieldPath;
  readonly lineOf: (path: FieldPath) => number;
}

/**
 * Reads all Pipelines, Freezes and Secrets of a YAML text, also those in a `kind: List`. Ignores objects of other kinds. Leaves
 * out an object with an error, without affecting others.
 *
 * @param source the file's name, for the messages
 */
export function parseManifests(text: string, source: string): Manifests {
  if (Buffer.byteLength(text) > maxManifestBytes) return unreadableManifests(source, tooLarge);
  const { documents, faults: yamlFaults } = readYamlDocuments(text);
  const pipelines: Pipeline[] = [];
  const invalid: InvalidPipeline[] = [];
  const freezes: Freeze[] = [];
  const invalidFreezes: Freeze[] = [];
  const secrets: SecretManifest[] = [];
  const faults: Fault[] = yamlFaults.map((fault) => ({ source, path: '', ...fault }));
  const warnings: Warning[] = [];

  const accept = <T>(object: ManifestObject, reading: Reading<T>, list: T[]) => {
    const locate = ({ path, reason }: ObjectFault): Fault => {
      const place = [...object.path, ...path];
      return { source, line: object.lineOf(place), path: formatPath(place), reason };
    };
    const located = reading.faults.map(locate);
    faults.push(...located);
    const { kind } = object.value;
    const ref = refOf(object.value);
    const name = `${String(kind)} ${ref === undefined ? '' : formatPipelineRef(ref)}`.trim();
    warnings.push(...reading.warnings.map((warning) => ({ ...locate(warning), object: name })));
    if (reading.value !== undefined) list.push(reading.value);
    return located[0];
  };
  for (const document of documents) {
    for (const object of objectsIn(document.value, document.lineOf)) {
      if (isOurs(object.value, pipelineKind)) {
        const fault = accept(object, readPipelineManifest(object.value), pipelines);
        const ref = refOf(object.value);
        if (fault !== undefined && ref !== undefined) invalid.push({ ...ref, reason: formatFault(fault) });
      }
      if (isOurs(object.value, freezeKind)) {
        const reading = readFreezeManifest(object.value);
        const [fault, ...more] = reading.faults;
        const inPlace = fault && invalidFreeze(object.value, fault);
        if (fault === undefined || inPlace === undefined) accept(object, reading, freezes);
        else {
          const reason = `${fault.reason}; until it is fixed, this Freeze holds everything in its namespace`;
          accept(object, { ...reading, faults: [{ ...fault, reason }, ...more] }, freezes);
          invalidFreezes.push(inPlace);
        }
      }
      if (isSecret(object.value)) accept(object, readSecretManifest(object.value), secrets);
    }
  }
  return {
    source,
    pipelines,
    invalid,
    freezes,
    invalidFreezes,
    secrets,
    faults: listed(faults, (count) => ({ source, path: '', reason: `has ${count} more errors` })),
    warnings: listed(warnings, (count) => ({
      source,
      path: '',
      reason: `has ${count} more unknown fields`,
      object: '',
    })),
    wellFormed: yamlFaults.length === 0,
  };
}

function listed<T>(all: readonly T[], more: (count: number) => T): T[] {
  const rest = all.length - maxListed;
  return rest > 0 ? [...all.slice(0, maxListed), more(rest)] : [...all];
}

/** The manifests of a file that could not be read. */
export function unreadableManifests(source: string, reason: string): Manifests {
  const fault = { source, path: '', reason };
  return {
    source,
    pipelines: [],
    invalid: [],
    freezes: [],
    invalidFreezes: [],
    secrets: [],
    faults: [fault],
    warnings: [],
    wellFormed: false,
  };
}

/** The error of a file larger than `maxManifestBytes`. */
export const tooLarge = `is larger than ${maxManifestBytes / 1024} KiB: split it`;

function objectsIn(value: unknown, lineOf: ManifestObject['lineOf']): ManifestObject[] {
  if (!isRecord(value)) return [];
  const { kind, items } = value;
  const isList =
    kind === 'List' || [pipelineKind, freezeKind, secretKind].some((one) => kind === `${one}List`);
  if (!isList || !Array.isArray(items)) return [{ value, path: [], lineOf }];
  return items.flatMap((item: unknown, index) =>
    isRecord(item) ? [{ value: item, path: ['items', index], lineOf }] : [],
  );
}

/**
 * Whether the object has our API group, in any version: an unknown version is an error, but Tekton's Pipelines are not.
 */
function isOurs({ apiVersion, kind }: Record<string, unknown>, ours: string): boolean {
  return kind === ours && typeof apiVersion === 'string' && apiVersion.split('/')[0] === pipelineGroup;
}

function isSecret({ apiVersion, kind }: Record<string, unknown>): boolean {
  return kind === secretKind && apiVersion === secretApiVersion;
}
