/** The CustomResourceDefinition of Pipelines. */
import { z } from 'zod';
import { pipelineGroup } from '../../src/domain/kubernetes-names';
import { pipelineKind, pipelineVersion, specSchema } from '../../src/resources/pipeline-schema';
import { statusSchema } from '../../src/resources/status-schema';
import { ageColumn, type CustomResource } from './crd';

const header = `# Generated from src/resources by npm run generate: do not edit.
# The schema accepts all that pipeline-controller's accepted, since those objects must stay writable: the condition Ready
# says what is invalid in them. Only fields that pipeline-controller did not have are validated here, and not by CEL, which
# would cost too much below a list without a limit: the environments never had one.
# A default below spec would be written into objects whose source is a Git repository. The one of status tells Flux and
# kubectl wait that no controller has looked at a new object yet.
`;

const readyCondition = '.status.conditions[?(@.type=="Ready")]';

const columns: CustomResource['columns'] = [
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
  ageColumn,
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

export const pipelineResource: CustomResource = {
  kind: pipelineKind,
  plural: 'pipelines',
  singular: 'pipeline',
  shortNames: ['ppl'],
  header,
  hasStatus: true,
  columns,
  schema: objectSchema,
};
