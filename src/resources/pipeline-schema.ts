import { z } from 'zod';
import {
  type Environment,
  type Pipeline,
  type PromotionBlock,
  type Target,
} from '../domain/pipeline/pipeline';
import { metadataSchema, namespaceName, objectName, readObject, type Reading } from './object-schema';
import { pullRequestSchema } from './pull-request-schema';

export const pipelineGroup = 'pipelines.weave.works';
const pipelineApiVersion = `${pipelineGroup}/v1alpha1`;
export const pipelineKind = 'Pipeline';

const allowUnsignedAnnotation = `${pipelineGroup}/allow-unsigned`;

/**
 * The name stands in webhook URLs, markers, branches and titles. The original took any text, but none of its URLs
 * could name an environment with a slash or a dot alone.
 */
const environmentName = z
  .string()
  .min(1)
  .max(253)
  .regex(
    /^(?!\.{1,2}$)(?!\s)[^/\p{Cc}\p{Zl}\p{Zp}]*(?<!\s)$/u,
    'must be printable, without a slash and without space around it',
  );

const targetSchema = z.strictObject({
  namespace: namespaceName,
  clusterRef: z
    .strictObject({
      apiVersion: z.string().optional(),
      kind: z.literal('GitopsCluster'),
      name: objectName,
      namespace: namespaceName.optional(),
    })
    .optional(),
});

const strategySchema = z
  .strictObject({
    'pull-request': pullRequestSchema.optional(),
    notification: z.strictObject({}).optional(),
    secretRef: z.strictObject({ name: objectName }).optional(),
  })
  .transform(({ 'pull-request': pullRequest, notification, secretRef }, context) => {
    const chosen = [
      ...(pullRequest === undefined ? [] : [pullRequest]),
      ...(notification === undefined ? [] : [{ kind: 'notification' as const }]),
    ];
    const [strategy] = chosen;
    if (strategy === undefined || chosen.length > 1) {
      context.addIssue({
        code: 'custom',
        message:
          strategy === undefined
            ? 'names no strategy: write pull-request or "notification: {}"'
            : 'names two strategies: keep pull-request or notification',
      });
      return z.NEVER;
    }
    return { strategy, ...(secretRef === undefined ? {} : { hmacSecretName: secretRef.name }) };
  });

const promotionSchema = z
  .strictObject({ manual: z.boolean().default(false), strategy: strategySchema })
  .transform(({ manual, strategy }): PromotionBlock => ({ manual, ...strategy }));

const environmentSchema = z.strictObject({
  name: environmentName,
  // None is allowed, as in the original: the webhook refuses the events of such an environment.
  targets: z.array(targetSchema),
  promotion: promotionSchema.optional(),
  suspend: z.boolean().default(false),
});

const environmentsSchema = z
  .array(environmentSchema)
  .min(1)
  .check((context) => {
    const seen = new Set<string>();
    context.value.forEach(({ name }, index) => {
      if (seen.has(name)) {
        context.issues.push({
          code: 'custom',
          input: name,
          path: [index, 'name'],
          message: 'is the name of an earlier environment too',
        });
      }
      seen.add(name);
    });
  });

/** What a manifest may say; the CustomResourceDefinition is tested against it. */
export const pipelineSchema = z.strictObject({
  apiVersion: z.literal(pipelineApiVersion),
  kind: z.literal(pipelineKind),
  metadata: metadataSchema,
  spec: z.strictObject({
    appRef: z.strictObject({
      apiVersion: z.string().min(1),
      kind: z.string().min(1),
      name: objectName,
    }),
    environments: environmentsSchema,
    promotion: promotionSchema.optional(),
    suspend: z.boolean().default(false),
  }),
  status: z.unknown().optional(),
});

/** Reads one `Pipeline` object, from YAML or from an API server: the shape of the original, see docs/migrating.md. */
export function readPipelineManifest(object: unknown): Reading<Pipeline> {
  const { value, ...reading } = readObject(pipelineSchema, object);
  if (value === undefined) return reading;
  const { metadata, spec } = value;
  const pipeline: Pipeline = {
    namespace: metadata.namespace,
    name: metadata.name,
    appRef: spec.appRef,
    environments: spec.environments.map((environment) => toEnvironment(environment, metadata.namespace)),
    allowUnsigned: metadata.annotations?.[allowUnsignedAnnotation] === 'true',
    ...(spec.promotion === undefined ? {} : { promotion: spec.promotion }),
    ...(spec.suspend ? { suspended: true } : {}),
  };
  return { ...reading, value: pipeline };
}

function toEnvironment(
  { name, targets, promotion, suspend }: z.infer<typeof environmentSchema>,
  pipelineNamespace: string,
): Environment {
  return {
    name,
    targets: targets.map((target) => toTarget(target, pipelineNamespace)),
    ...(promotion === undefined ? {} : { promotion }),
    ...(suspend ? { suspended: true } : {}),
  };
}

function toTarget(
  { namespace, clusterRef }: z.infer<typeof targetSchema>,
  pipelineNamespace: string,
): Target {
  if (clusterRef === undefined) return { namespace };
  return { namespace, cluster: `${clusterRef.namespace ?? pipelineNamespace}/${clusterRef.name}` };
}
