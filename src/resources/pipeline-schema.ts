import { z } from 'zod';
import { allowDependentsAnnotation } from '../domain/dependencies/allowed-dependents';
import { changesTemplateFault, changesUrlAnnotation } from '../domain/pipeline/changes-link';
import { pipelineGroup } from '../domain/kubernetes-names';
import { manualSchema } from '../domain/gates/manual-schema';
import { suspendSchema } from '../domain/gates/suspend-schema';
import { windowFaults } from '../domain/gates/windows-schema';
import { maxWindowsOfPipeline } from '../domain/windows/window';
import {
  type Environment,
  type Pipeline,
  type PromotionBlock,
  type Target,
} from '../domain/pipeline/pipeline';
import { gatesSchema, toGateSettings } from './gates-schema';
import { labelMap, metadataSchema, namespaceName, readObject, type Reading } from './object-schema';
import { pullRequestSchema } from './pull-request-schema';
import { appRefSchema, clusterRefSchema, secretRefSchema } from './reference-schemas';

export const pipelineVersion = 'v1alpha1';
export const pipelineApiVersion = `${pipelineGroup}/${pipelineVersion}`;
export const pipelineKind = 'Pipeline';

const allowUnsignedAnnotation = `${pipelineGroup}/allow-unsigned`;
const notifySuccessAnnotation = `${pipelineGroup}/notify-success`;

/**
 * The name is part of webhook URLs, markers, branches and titles. pipeline-controller accepted any text, but none of
 * its URLs could name an environment with a slash or a dot alone.
 */
export const environmentName = z
  .string()
  .min(1)
  .max(253)
  .regex(
    /^(?!\.{1,2}$)(?!\s)[^/\p{Cc}\p{Zl}\p{Zp}]*(?<!\s)$/u,
    'must be printable, without a slash and without space around it',
  );

const targetSchema = z
  .strictObject({
    namespace: namespaceName.describe('The namespace that the application is in.'),
    clusterRef: clusterRefSchema.optional(),
  })
  .describe('A namespace of a cluster.');

const strategySchema = z
  .strictObject({
    'pull-request': pullRequestSchema.optional(),
    notification: z
      .strictObject({})
      .optional()
      .describe(
        'Promotes by an event that Flux\'s notification-controller forwards, for example to a CI system. It has no fields: use "notification: {}".',
      ),
    secretRef: secretRefSchema
      .optional()
      .describe("The Secret in the Pipeline's namespace with hmac-key, the key that events are signed with."),
  })
  .describe('What a promotion does: exactly one of pull-request and notification.')
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
            ? 'has no strategy: set pull-request or "notification: {}"'
            : 'has two strategies: keep pull-request or notification',
      });
      return z.NEVER;
    }
    return { strategy, ...(secretRef === undefined ? {} : { hmacSecretName: secretRef.name }) };
  });

const promotionSchema = z
  .strictObject({
    manual: manualSchema,
    strategy: strategySchema,
  })
  .transform(({ manual, strategy }): PromotionBlock => ({ manual, ...strategy }));

const labelsSchema = labelMap
  .optional()
  .describe("Labels of the environment, by which an operator's policy can select it.");

const environmentSchema = z
  .strictObject({
    name: environmentName.describe(
      "The name of the environment, such as dev or prod. It is part of the webhook's URL and of the markers, and must be unique in the pipeline.",
    ),
    labels: labelsSchema,
    // An empty list is allowed, as in pipeline-controller: the webhook rejects the events of such an environment.
    targets: z
      .array(targetSchema)
      .describe('Where the application of this environment runs. Each environment should have at least one.'),
    promotion: promotionSchema
      .optional()
      .describe(
        "How to promote into this environment. Replaces the pipeline's promotion as a whole: they are not merged.",
      ),
    gates: gatesSchema
      .optional()
      .describe(
        "What promotions into this environment wait for. Each field replaces that of the pipeline's gates.",
      ),
    suspend: suspendSchema.describe(
      'While true, events are recorded and promotions into this environment wait. Afterwards the newest version continues.',
    ),
  })
  .describe('A stage of the pipeline.');

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
          message: 'is also the name of an earlier environment',
        });
      }
      seen.add(name);
    });
  });

/** The fields of a manifest; the CustomResourceDefinition is generated from it. */
export const specSchema = z
  .strictObject({
    appRef: appRefSchema,
    environments: environmentsSchema.describe(
      'The environments that the application moves through, in this order.',
    ),
    promotion: promotionSchema
      .optional()
      .describe('How to promote into each environment that has no promotion of its own.'),
    gates: gatesSchema
      .optional()
      .describe('What promotions wait for, in each environment whose gates do not have the same field.'),
    suspend: suspendSchema.describe(
      'While true, events are recorded and promotions of this pipeline wait. Afterwards the newest version continues.',
    ),
  })
  .describe('What is promoted, through which environments, and how.')
  .check(({ value: { gates, environments }, issues }) => {
    for (const [index, environment] of environments.entries()) {
      const { autoMerge, promoteOn } = { ...gates, ...environment.gates };
      if (index === 0 || autoMerge !== true || promoteOn !== undefined) continue;
      const message =
        'needs promoteOn: say upgraded or tested, what a version needs before Windlass merges it';
      const path = ['environments', index, 'gates', 'autoMerge'];
      issues.push({ code: 'custom', input: undefined, path, message });
    }
    const lists = [gates, ...environments.map((environment) => environment.gates)].map(
      (settings) => settings?.windows ?? [],
    );
    const faults = windowFaults(lists);
    if (faults === 'too-many') {
      const message = `has more than ${maxWindowsOfPipeline} windows in all its gates`;
      issues.push({ code: 'custom', input: undefined, path: [], message });
      return;
    }
    for (const { list, window, field, fault } of faults) {
      const owner = list === 0 ? [] : ['environments', list - 1];
      const path = [...owner, 'gates', 'windows', window, field];
      issues.push({ code: 'custom', input: undefined, path, message: fault });
    }
  });

const pipelineSchema = z.strictObject({
  apiVersion: z.literal(pipelineApiVersion),
  kind: z.literal(pipelineKind),
  metadata: metadataSchema,
  spec: specSchema,
  status: z.unknown().optional(),
});

/**
 * Reads one `Pipeline` object, from YAML or from an API server, in pipeline-controller's format: see docs/migrating.md.
 */
export function readPipelineManifest(object: unknown): Reading<Pipeline> {
  const { value, ...reading } = readObject(pipelineSchema, object);
  if (value === undefined) return reading;
  const { metadata, spec } = value;
  const changesUrl = metadata.annotations?.[changesUrlAnnotation]?.trim();
  const changesFault = changesUrl === undefined ? undefined : changesTemplateFault(changesUrl);
  const pipeline: Pipeline = {
    namespace: metadata.namespace,
    name: metadata.name,
    appRef: spec.appRef,
    environments: spec.environments.map((environment) => toEnvironment(environment, metadata.namespace)),
    allowUnsigned: metadata.annotations?.[allowUnsignedAnnotation] === 'true',
    ...(metadata.annotations?.[notifySuccessAnnotation] === 'true' ? { notifiesSuccess: true } : {}),
    ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
    ...dependentsOf(metadata.annotations?.[allowDependentsAnnotation]),
    ...(changesUrl === undefined || changesFault !== undefined ? {} : { changesUrl }),
    ...(spec.promotion === undefined ? {} : { promotion: spec.promotion }),
    ...(spec.gates === undefined ? {} : { gates: toGateSettings(spec.gates, metadata.namespace) }),
    ...(spec.suspend ? { suspended: true } : {}),
  };
  if (changesFault === undefined) return { ...reading, value: pipeline };
  // It is only shown: promotions do not wait until it is fixed.
  const warning = { path: ['metadata', 'annotations', changesUrlAnnotation], reason: changesFault };
  return { ...reading, warnings: [...reading.warnings, warning], value: pipeline };
}

/** @param annotation namespaces, separated by commas, or `*` */
function dependentsOf(annotation: string | undefined): Pick<Pipeline, 'dependents'> {
  const names = (annotation ?? '').split(',').map((name) => name.trim());
  const dependents = names.filter((name) => name !== '');
  return dependents.length === 0 ? {} : { dependents };
}

function toEnvironment(
  { name, labels, targets, promotion, gates, suspend }: z.infer<typeof environmentSchema>,
  pipelineNamespace: string,
): Environment {
  return {
    name,
    ...(labels === undefined ? {} : { labels }),
    targets: targets.map((target) => toTarget(target, pipelineNamespace)),
    ...(promotion === undefined ? {} : { promotion }),
    ...(gates === undefined ? {} : { gates: toGateSettings(gates, pipelineNamespace) }),
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
