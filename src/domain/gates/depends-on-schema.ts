import semver from 'semver';
import { z } from 'zod';
import {
  isNamespace,
  isObjectName,
  longestNamespace,
  longestObjectName,
  namespacePattern,
  objectNamePattern,
} from '../kubernetes-names';

const mostDependencies = 20;
const longestEnvironment = 253;
const longestRange = 256;

const dependencySchema = z
  .strictObject({
    namespace: z
      .string()
      .refine(isNamespace, 'must be a namespace: lower-case letters, digits and "-"')
      .optional()
      .meta({
        description:
          "Namespace of the other Pipeline, which must allow it with the annotation pipelines.weave.works/allow-dependents. The default is this Pipeline's namespace.",
        crd: { maxLength: longestNamespace, pattern: namespacePattern.source },
      }),
    pipeline: z
      .string()
      .refine(isObjectName, 'must be a Kubernetes name: lower-case letters, digits, "-" and "."')
      .meta({
        description: 'Name of the other Pipeline.',
        crd: { maxLength: longestObjectName, pattern: objectNamePattern.source },
      }),
    environment: z
      .string()
      .min(1)
      .max(longestEnvironment)
      .meta({
        description: 'The environment of the other Pipeline that must run the version.',
        crd: { minLength: 1, maxLength: longestEnvironment },
      }),
    version: z
      .string()
      .min(1)
      .max(longestRange)
      .refine((range) => semver.validRange(range) !== null, 'must be a range of versions, such as ">=1.2"')
      .meta({
        description: 'The range of versions that it must run, such as ">=1.2", in every target.',
        crd: { minLength: 1, maxLength: longestRange },
      }),
  })
  .describe('Another Pipeline that must run a version in one of its environments.');

/** `gates.dependsOn`, whose entries may leave out the namespace. */
export const dependsOnSchema = z
  .array(dependencySchema)
  .max(mostDependencies)
  .optional()
  .meta({
    description:
      'Holds each promotion until other Pipelines run these versions. What is not known does not count. An empty list is no gate.',
    crd: { maxItems: mostDependencies },
  });
