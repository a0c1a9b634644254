/** The CustomResourceDefinition. */
import { pipelineGroup } from '../../src/domain/kubernetes-names';
import { stringify } from 'yaml';
import { z } from 'zod';
import { pipelineKind, pipelineVersion, specSchema } from '../../src/resources/pipeline-schema';
import { statusSchema } from '../../src/resources/status-schema';
import { type JsonSchema, toJsonSchema } from './json-schema';

export const crdFile = 'charts/windlass/crds/pipelines.weave.works_pipelines.yaml';

const header = `# Generated from src/resources by npm run generate: do not edit.
# The schema accepts all that pipeline-controller's accepted, since those objects must stay writable: the condition Ready
# says what is invalid in them. Only fields that pipeline-controller did not have are validated here, and not by CEL, which
# would cost too much below a list without a limit: the environments never had one.
# A default below spec would be written into objects whose source is a Git repository. The one of status tells Flux and
# kubectl wait that no controller has looked at a new object yet.
`;

const plural = 'pipelines';

const readyCondition = '.status.conditions[?(@.type=="Ready")]';

/** The columns of `kubectl get`; those with priority 1 appear with `--output wide` only. */
const printerColumns = [
  {
    name: 'App Kind',
    type: 'string',
    priority: 1,
    jsonPath: '.spec.appRef.kind',
    description: 'Kind of the application',
  },
  {
    name: 'App Name',
    type: 'string',
    jsonPath: '.spec.appRef.name',
    description: 'Name of the application',
  },
  {
    name: 'Suspended',
    type: 'boolean',
    priority: 1,
    jsonPath: '.spec.suspend',
    description: 'Whether promotions wait',
  },
  {
    name: 'Ready',
    type: 'string',
    jsonPath: `${readyCondition}.status`,
    description: 'Whether the spec is valid and what it refers to exists',
  },
  {
    name: 'Status',
    type: 'string',
    jsonPath: `${readyCondition}.message`,
    description: 'Why it is ready or not',
  },
  {
    name: 'Age',
    type: 'date',
    jsonPath: '.metadata.creationTimestamp',
    description: 'Time since it was created',
  },
];

/** Requires only what the API server itself requires: pipeline-controller accepted a Pipeline without a spec. */
const objectSchema = z
  .object({
    apiVersion: z.string().optional().describe(`${pipelineGroup}/${pipelineVersion}.`),
    kind: z.string().optional().describe(`${pipelineKind}.`),
    metadata: z.object({}).optional(),
    spec: specSchema.optional(),
    status: statusSchema.optional(),
  })
  .describe('A pipeline: one application and the ordered environments that it is promoted through.');

/**
 * A structural schema
 * (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema):
 * only structure, and the rules of `crd`. Everything else in the JSON Schema is left out.
 * @throws Error for a schema without a type, such as a union
 */
function structuralSchema(schema: JsonSchema, path: string): Record<string, unknown> {
  const { description, type, enum: values, required, properties = {}, items, additionalProperties } = schema;
  if (type === undefined) throw new Error(`${path} has no type that a CustomResourceDefinition can have.`);
  const fields = Object.entries(properties).map(([name, field]) => [
    name,
    structuralSchema(field, `${path}.${name}`),
  ]);
  return {
    ...(description === undefined ? {} : { description }),
    type,
    ...(values === undefined ? {} : { enum: values }),
    ...schema.crd,
    ...(required === undefined ? {} : { required }),
    ...(fields.length === 0 ? {} : { properties: Object.fromEntries(fields) as unknown }),
    ...(items === undefined ? {} : { items: structuralSchema(items, `${path}[]`) }),
    ...(additionalProperties
      ? { additionalProperties: structuralSchema(additionalProperties, `${path}{}`) }
      : {}),
  };
}

/** The text of the CustomResourceDefinition. */
export function crdText(): string {
  const name = `${plural}.${pipelineGroup}`;
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name },
    spec: {
      group: pipelineGroup,
      scope: 'Namespaced',
      names: {
        kind: pipelineKind,
        listKind: `${pipelineKind}List`,
        plural,
        singular: 'pipeline',
        shortNames: ['ppl'],
      },
      versions: [
        {
          name: pipelineVersion,
          served: true,
          storage: true,
          subresources: { status: {} },
          additionalPrinterColumns: printerColumns,
          schema: { openAPIV3Schema: structuralSchema(toJsonSchema(objectSchema), pipelineKind) },
        },
      ],
    },
  };
  return header + stringify(crd, { lineWidth: 120, aliasDuplicateObjects: false });
}
