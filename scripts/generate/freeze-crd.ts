/** The CustomResourceDefinition of Freezes. */
import { z } from 'zod';
import { pipelineGroup } from '../../src/domain/kubernetes-names';
import { freezeKind, freezeSpecSchema } from '../../src/resources/freeze-schema';
import { pipelineVersion } from '../../src/resources/pipeline-schema';
import { ageColumn, type CustomResource } from './crd';

export const freezeResource: CustomResource = {
  kind: freezeKind,
  plural: 'freezes',
  singular: 'freeze',
  header: '# Generated from src/resources by npm run generate: do not edit.\n',
  hasStatus: false,
  columns: [
    { name: 'Reason', type: 'string', jsonPath: '.spec.reason', description: 'Why nothing is promoted' },
    { name: 'From', type: 'string', priority: 1, jsonPath: '.spec.from', description: 'When it begins' },
    { name: 'Until', type: 'string', jsonPath: '.spec.until', description: 'When it ends' },
    ageColumn,
  ],
  schema: z
    .object({
      apiVersion: z.string().optional().describe(`${pipelineGroup}/${pipelineVersion}.`),
      kind: z.string().optional().describe(`${freezeKind}.`),
      metadata: z.object({}).optional(),
      spec: freezeSpecSchema,
    })
    .describe('A freeze: a time in which promotions of the selected Pipelines wait.'),
};
