/** References to other objects, as Pipelines and their status have them. */
import { z } from 'zod';
import { namespaceName, objectName } from './object-schema';

export const appRefSchema = z
  .strictObject({
    apiVersion: z
      .string()
      .min(1)
      .describe(
        'API version of the application. Only the API group matters: a Flux upgrade can change the version.',
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
      .describe("Namespace of the cluster object. The default is the Pipeline's namespace."),
  })
  .describe(
    "The cluster. The default is the Pipeline's cluster. Only for information: events are matched by namespace.",
  );

export const secretRefSchema = z.strictObject({ name: objectName.describe('Name of the Secret.') });
