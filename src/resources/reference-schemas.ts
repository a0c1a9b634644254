/** References to other objects, as Pipelines and their status have them. */
import { z } from 'zod';
import { namespaceName, objectName } from './object-schema';

export const appRefSchema = z
  .strictObject({
    apiVersion: z
      .string()
      .min(1)
      .describe(
        'API version of the application. The API group counts, the version does not: a Flux upgrade may change it.',
      ),
    kind: z.string().min(1).describe('Kind of the application, usually HelmRelease.'),
    name: objectName.describe('Name of the application, the same in every target.'),
  })
  .describe('The application that the pipeline promotes.');

export const clusterRefSchema = z
  .strictObject({
    apiVersion: z.string().optional().describe('API version of the cluster object.'),
    kind: z.literal('GitopsCluster').describe('Kind of the cluster object.'),
    name: objectName.describe('Name of the cluster object.'),
    namespace: namespaceName
      .optional()
      .describe("Namespace of the cluster object; without it, the Pipeline's."),
  })
  .describe('The cluster; without it, the one that the Pipeline is in.');

export const secretRefSchema = z.strictObject({ name: objectName.describe('Name of the Secret.') });
