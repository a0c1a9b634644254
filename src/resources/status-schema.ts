/** `status` of a Pipeline. Windlass writes all of it but `targets`, which pipeline-controller left behind. */
import { z } from 'zod';
import { appRefSchema, clusterRefSchema } from './reference-schemas';

const time = z.string().meta({ crd: { format: 'date-time' } });
const generation = z.int().meta({ crd: { format: 'int64' } });

/**
 * metav1.Condition, with its rules
 * (https://github.com/kubernetes/apimachinery/blob/master/pkg/apis/meta/v1/types.go).
 */
const conditionSchema = z
  .strictObject({
    type: z.string().meta({
      description: 'Type of the condition, such as Ready.',
      crd: {
        maxLength: 316,
        pattern:
          '^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$',
      },
    }),
    status: z.enum(['True', 'False', 'Unknown']).describe('True, False or Unknown.'),
    observedGeneration: generation.optional().meta({
      description: 'The generation of the spec that the condition is about.',
      crd: { format: 'int64', minimum: 0 },
    }),
    lastTransitionTime: time.describe('When the status changed last.'),
    reason: z.string().meta({
      description: 'The reason in one word, for programs.',
      crd: { minLength: 1, maxLength: 1024, pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$' },
    }),
    message: z.string().meta({ description: 'The reason in a sentence.', crd: { maxLength: 32768 } }),
  })
  .describe('One aspect of the state of the Pipeline.');

const waitingApprovalSchema = z
  .strictObject({ revision: z.string().describe('The version that waits. Empty: none.') })
  .describe('The promotion into this environment that waits for an approval.');

const lastPromotionSchema = z
  .strictObject({
    version: z.string().describe('The version promoted.'),
    state: z.string().describe('The state of the promotion in one word.'),
    reason: z.string().optional().describe('The code of its failure, or the reason for its state.'),
    message: z.string().optional().describe('The same in a sentence, with the next step.'),
    pullRequestUrl: z.string().optional().describe('The URL of its pull request.'),
    workflowId: z.string().optional().describe('Its workflow, as the Temporal Web UI knows it.'),
    startedAt: time.optional().describe('When it began.'),
    approvedAt: time.optional().describe('When it got the last approval that it needed.'),
    gatesEnforced: z
      .boolean()
      .optional()
      .describe(
        'Whether the branch protection requires the check windlass/gates. Not set where that is not known, or there are no gates.',
      ),
    proposedAt: time.optional().describe('When its pull request was opened.'),
    mergedAt: time.optional().describe('When its pull request was merged.'),
    deployedAt: time.optional().describe('Since when all targets run the version, as they reported it.'),
    finishedAt: time.optional().describe('When it ended. Not set while it runs.'),
  })
  .describe('The last promotion into this environment.');

const targetStatusSchema = z
  .strictObject({
    clusterAppRef: appRefSchema
      .extend({ clusterRef: clusterRefSchema.optional() })
      .describe('The application, and the cluster that it is in.'),
    ready: z.boolean().describe('Whether the application is there and healthy.'),
    revision: z.string().optional().describe('The version that runs.'),
    error: z.string().optional().describe('Why the application is not ready.'),
  })
  .describe('The application in one target.');

const environmentStatusSchema = z
  .strictObject({
    waitingApproval: waitingApprovalSchema.optional(),
    lastPromotion: lastPromotionSchema.optional(),
    targets: z
      .array(targetStatusSchema)
      .optional()
      .describe('The application in each target. Not written by Windlass.'),
  })
  .describe('The state of one environment.');

export const statusSchema = z
  .strictObject({
    observedGeneration: generation
      .optional()
      .describe('The generation of the spec that this status is about. -1: none yet.'),
    lastHandledReconcileAt: z
      .string()
      .optional()
      .describe('The last value of the annotation reconcile.fluxcd.io/requestedAt that Windlass handled.'),
    conditions: z
      .array(conditionSchema)
      .readonly()
      .optional()
      .meta({
        description:
          'Ready: the spec is valid and what it refers to exists. Reconciling and Stalled, as kstatus knows them. GatesEnforced, only while it is False: people can merge past closed gates.',
        crd: { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] },
      }),
    environments: z
      .record(z.string(), environmentStatusSchema)
      .optional()
      .describe('The state of each environment, by its name.'),
  })
  .meta({
    description: 'The observed state. Only Windlass writes it.',
    // Shows Flux and kubectl wait that a new object has not been reconciled yet.
    crd: { default: { observedGeneration: -1 } },
  });

/** The fields that can be written: the API server drops all others. */
export type PipelineStatus = Readonly<z.infer<typeof statusSchema>>;
