import { formatPipelineRef, type Pipeline, type PipelineRef } from '../../domain/pipeline/pipeline';
import { lackingFeature } from '../../providers/lacking-feature';
import { combineManifests, type ManifestSet } from '../../resources/manifest-set';
import { formatFault, type Manifests } from '../../resources/parse-manifests';
import { pipelineFaults, pipelineWarnings, type SecretLook } from '../../resources/pipeline-faults';
import { type Parser } from '../../parsing/parser';
import { holdsNothing, readManifestInput } from './manifest-input';

/** Lines to print, by what they are. */
interface Findings {
  /** What is good. */
  readonly good: readonly string[];
  readonly faults: readonly string[];
  readonly warnings: readonly string[];
  readonly notes: readonly string[];
}

/**
 * `windlass pipeline validate FILE|DIRECTORY...`: reads manifests as the store does and prints what is wrong with them,
 * by the rules of the conditions in Kubernetes. Secrets are judged where they are given along.
 * @returns the exit code: 1 where something has a fault or can't be read; warnings leave it at 0
 */
export async function validatePipelines(
  paths: readonly string[],
  parser: Parser,
  print: (text: string) => void,
): Promise<number> {
  const files: Manifests[] = [];
  const unread: string[] = [];
  for (const path of paths) {
    const input = await readManifestInput(path, parser);
    files.push(...input.files);
    unread.push(...input.unread);
  }
  const set = combineManifests(files);
  const findings = files.map((file) => findingsIn(file, set));
  const faults = [...unread, ...set.faults.map(formatFault), ...findings.flatMap((one) => one.faults)];
  const lines = [
    ...findings.flatMap(({ good }) => good),
    ...faults,
    ...findings.flatMap(({ warnings }) => warnings.map((warning) => `warning: ${warning}`)),
    ...findings.flatMap(({ notes }) => notes.map((note) => `note: ${note}`)),
  ];
  for (const line of lines) print(line);
  return faults.length > 0 ? 1 : 0;
}

function findingsIn(file: Manifests, set: ManifestSet): Findings {
  const { source, warnings } = file;
  // What the program runs in spite of is not what its author meant.
  const odd = new Set(warnings.map(({ object }) => object));
  const pipelines = file.pipelines.map((pipeline) => judge(pipeline, set, source));
  const good = [
    ...pipelines
      .filter(({ faults, object }) => faults.length === 0 && !odd.has(object))
      .map(({ route }) => route),
    ...[...named('Freeze', file.freezes), ...named('Secret', file.secrets)]
      .filter((object) => !odd.has(object))
      .map((object) => `${source}: ${object} is valid`),
    ...(holdsNothing(file) ? [`${source}: contains no Pipeline, Freeze or Secret`] : []),
  ];
  return {
    good,
    faults: [...warnings.map(formatFault), ...pipelines.flatMap(({ faults }) => faults)],
    warnings: pipelines.flatMap((pipeline) => pipeline.warnings),
    notes: pipelines.flatMap(({ notes }) => notes),
  };
}

function named(kind: string, objects: readonly PipelineRef[]): string[] {
  return objects.map((object) => `${kind} ${formatPipelineRef(object)}`);
}

function judge(pipeline: Pipeline, { secrets }: ManifestSet, source: string) {
  const { namespace, environments } = pipeline;
  const object = `Pipeline ${formatPipelineRef(pipeline)}`;
  const place = (text: string) => `${source}: ${object}: ${text}`;
  const looks = new Map<string, SecretLook>(
    [...secrets].flatMap(([key, data]) => {
      const [inNamespace, name = ''] = key.split('/');
      return inNamespace === namespace ? [[name, { data }]] : [];
    }),
  );
  const reading = { value: pipeline, faults: [], warnings: [] };
  const found = pipelineFaults(reading, looks);
  const isElsewhere = ({ reason }: (typeof found)[number]) => reason === 'SecretNotFound';
  return {
    object,
    route: `${source}: ${object} is valid: ${environments.map(({ name }) => name).join(' → ')}`,
    faults: found.filter((fault) => !isElsewhere(fault)).map(({ message }) => place(message)),
    warnings: pipelineWarnings(pipeline, lackingFeature).map(place),
    // It may well be in the cluster.
    notes: found.filter(isElsewhere).map(({ message }) => place(`not in these files: ${message}`)),
  };
}
