import { z } from 'zod';
import { isName, longestName } from '../domain/approvals/approval-settings';
import {
  type Freeze,
  longestReason,
  mostEnvironments,
  mostPipelines,
  type SelectedPipelines,
} from '../domain/freezes/freeze';
import { longestObjectName, pipelineGroup } from '../domain/kubernetes-names';
import { type ObjectFault, formatPath } from './faults';
import {
  isRecord,
  labelMap,
  metadataSchema,
  objectName,
  readObject,
  type Reading,
  refOf,
} from './object-schema';
import { environmentName, pipelineApiVersion } from './pipeline-schema';

export const freezeKind = 'Freeze';

/** On one line: it is part of messages. */
const reason = z
  .string()
  .min(1)
  .max(longestReason)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u, 'must be on one line, without control characters')
  .regex(/\S/, 'must not be empty')
  .meta({
    description: 'Why nothing is promoted, for the people whose promotions wait. One line.',
    crd: { minLength: 1, maxLength: longestReason, pattern: '^[^\\x00-\\x1f\\x7f-\\x9f]+$' },
  });

const author = z
  .string()
  .refine(isName, 'must be a name without space around it and without invisible characters')
  .optional()
  .meta({
    description: 'Who decided it, for the same people. Windlass does not verify it.',
    crd: { maxLength: longestName },
  });

const longestTime = 64;

const time = (description: string) =>
  z.iso
    .datetime({ offset: true, error: 'must be a time of RFC 3339, such as 2026-12-24T18:00:00+01:00' })
    .max(longestTime)
    .optional()
    .meta({ description, crd: { format: 'date-time', maxLength: longestTime } });

const environments = z
  .array(environmentName.describe('The name of an environment.'))
  .min(1, 'must not be empty: leave it out, or name an environment')
  .max(mostEnvironments)
  .optional()
  .meta({
    description: 'The environments into which nothing is promoted. By default, all.',
    crd: { maxItems: mostEnvironments },
  });

const selection = z
  .strictObject({
    matchLabels: labelMap.optional().describe('All of these labels, with exactly these values.'),
    names: z
      .array(objectName.describe('The name of a Pipeline.').meta({ crd: { maxLength: longestObjectName } }))
      .min(1, 'must not be empty: leave it out, or name a Pipeline')
      .max(mostPipelines)
      .optional()
      .meta({ description: 'One of these Pipelines, by name.', crd: { maxItems: mostPipelines } }),
  })
  .refine(({ matchLabels, names }) => matchLabels !== undefined || names !== undefined, {
    error: 'must have matchLabels, names, or both: leave it out to select all Pipelines',
  })
  .meta({
    description: 'The Pipelines, by the labels of their metadata, by name, or both. By default, all.',
    crd: { minProperties: 1 },
  });

/** The fields of a manifest; the CustomResourceDefinition is generated from it. */
export const freezeSpecSchema = z
  .strictObject({
    reason,
    author,
    from: time('When it begins, such as 2026-12-24T18:00:00+01:00. By default, it has begun.'),
    until: time(
      'When it ends, such as 2027-01-02T06:00:00+01:00. By default, it lasts until the Freeze is deleted.',
    ),
    environments,
    pipelines: selection.optional(),
    allNamespaces: z
      .boolean()
      .optional()
      .describe(
        "While true, it selects Pipelines of all namespaces. In Kubernetes, it has this effect in Windlass's own namespace only.",
      ),
  })
  .describe('What is not promoted, from when until when, and why.')
  .check(({ value: { from, until }, issues }) => {
    if (from === undefined || until === undefined || Date.parse(from) < Date.parse(until)) return;
    issues.push({ code: 'custom', input: until, path: ['until'], message: 'must be later than spec.from' });
  });

/** The label of what the API made, https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/. */
export const madeByLabel = 'app.kubernetes.io/managed-by';
export const madeByValue = 'windlass';
/** Marks a suspension. */
export const suspendsAnnotation = `${pipelineGroup}/suspends`;
export const endedByAnnotation = `${pipelineGroup}/ended-by`;
/** The key of the request that ended it. */
export const endedRequestAnnotation = `${pipelineGroup}/ended-request`;
/** What vouches for the author. */
export const authorViaAnnotation = `${pipelineGroup}/author-via`;
/** The key of the request that made it. */
export const requestAnnotation = `${pipelineGroup}/request`;

const freezeSchema = z.strictObject({
  apiVersion: z.literal(pipelineApiVersion),
  kind: z.literal(freezeKind),
  metadata: metadataSchema,
  spec: freezeSpecSchema,
});

/** Reads one `Freeze` object, from YAML or from an API server. */
export function readFreezeManifest(object: unknown): Reading<Freeze> {
  const { value, ...reading } = readObject(freezeSchema, object);
  if (value === undefined) return reading;
  const { metadata, spec } = value;
  const { author: by, from, until, environments: names, pipelines: selector, allNamespaces } = spec;
  return {
    ...reading,
    value: {
      namespace: metadata.namespace,
      name: metadata.name,
      reason: spec.reason,
      ...(by === undefined ? {} : { author: by }),
      ...(from === undefined ? {} : { from: Date.parse(from) }),
      ...(until === undefined ? {} : { until: Date.parse(until) }),
      ...(names === undefined ? {} : { environments: names }),
      ...(selector === undefined ? {} : { pipelines: selectionOf(selector) }),
      ...(allNamespaces === undefined ? {} : { allNamespaces }),
      ...notesIn(metadata),
    },
  };
}

/** Without fields that are undefined. */
function selectionOf({ matchLabels, names }: z.infer<typeof selection>): SelectedPipelines {
  return {
    ...(matchLabels === undefined ? {} : { matchLabels }),
    ...(names === undefined ? {} : { names }),
  };
}

/** What the API notes beside the fields: in other Freezes, it means nothing. */
function notesIn({ labels, annotations = {} }: z.infer<typeof metadataSchema>): Partial<Freeze> {
  if (labels?.[madeByLabel] !== madeByValue) return {};
  const endedBy = annotations[endedByAnnotation];
  const endedRequest = annotations[endedRequestAnnotation];
  return {
    ...(annotations[suspendsAnnotation] === 'true' ? { suspends: true } : {}),
    ...(endedBy === undefined ? {} : { endedBy }),
    ...(endedRequest === undefined ? {} : { endedRequest }),
  };
}

/**
 * What an invalid Freeze does: it holds everything of its namespace until someone fixes it. To ignore it could promote
 * what no one wants to be promoted.
 * @returns undefined for an object whose namespace or name is not known
 */
export function invalidFreeze(object: unknown, { path, reason: fault }: ObjectFault): Freeze | undefined {
  const ref = refOf(object);
  if (ref === undefined) return undefined;
  const spec = isRecord(object) ? object['spec'] : undefined;
  const everywhere = isRecord(spec) && spec['allNamespaces'] === true;
  const said = `The Freeze is invalid, so everything waits: ${formatPath(path)} ${fault}`;
  return {
    ...ref,
    reason: said.slice(0, longestReason),
    ...(everywhere ? { allNamespaces: true } : {}),
  };
}
