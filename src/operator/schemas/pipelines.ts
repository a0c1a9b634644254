import { z } from 'zod';
import { promotionStates, type ShownState } from '../../domain/promotion/states';
import { namespace, pipelineName, version } from './names';
import { freshness, pageOf, pageQuery } from './pages';

const at = z.iso.datetime();

/** The states that promotions show, see docs/reference/outcomes.md. */
export const shownState = z.enum(
  (Object.keys(promotionStates) as (keyof typeof promotionStates)[]).filter(
    (name): name is ShownState => promotionStates[name].shown,
  ) as [ShownState, ...ShownState[]],
);

const runningTarget = z.object({
  version: z.string(),
  object: z.string().meta({ description: 'The HelmRelease, as namespace/name' }),
  since: at.meta({ description: 'When it was reported' }),
});

const pullRequest = z.object({ url: z.string(), number: z.number().int(), since: at });

const acting = z.object({
  version: z.string(),
  action: z.enum(['promote', 'withdraw']).meta({
    description: 'withdraw: closes the pull request of a version that the environment before no longer runs',
  }),
  promotion: z.string().meta({ description: 'Its id, see `/promotions/{id}`' }),
  from: z.string().meta({ description: 'The environment promoted from' }),
  since: at.meta({ description: 'When its event came' }),
  state: shownState.optional(),
  waits: z.string().optional().meta({ description: 'What it waits for, as a sentence' }),
  approval: z
    .object({
      excluded: z.array(z.string()).meta({
        description:
          'People whose approval adds nothing: they asked for it, wrote commits of it or have approved it',
      }),
    })
    .optional()
    .meta({ description: 'It needs the approval of a person, perhaps besides other things' }),
  pullRequest: pullRequest.optional(),
});

const heldVersion = z.object({
  version: z.string(),
  because: z.enum(['closed', 'rejected', 'rolled-back']),
  by: z.string().optional().meta({ description: 'Who decided it' }),
  url: z.string().optional().meta({ description: 'Of its pull request' }),
  since: at,
});

export const environment = z
  .object({
    name: z.string(),
    version: z.string().optional().meta({ description: 'What all its targets run, if they agree' }),
    running: z.array(runningTarget).meta({ description: 'What each target reported last' }),
    sentence: z.string().meta({ description: 'What it waits for, in one sentence' }),
    acting: acting.optional().meta({ description: 'The promotion in progress' }),
    settling: z
      .object({
        version: z.string(),
        promotion: z.string(),
        stage: z.enum(['merged', 'notified']),
        since: at,
      })
      .optional()
      .meta({ description: 'Merged or notified, and not reported by the environment yet' }),
    queued: z.array(z.string()).meta({ description: 'Versions that wait behind it, the next one first' }),
    held: z.array(heldVersion).meta({ description: 'Versions that are not promoted without a request' }),
    failed: z
      .object({ version: z.string(), code: z.string().optional() })
      .optional()
      .meta({ description: 'The last promotion, if it failed and nothing took its place' }),
    last: z
      .object({
        version: z.string(),
        state: z.string(),
        at,
        by: z.string().optional(),
        detail: z.string().optional(),
      })
      .optional()
      .meta({ description: 'The last promotion that ended' }),
    changedAt: at.optional().meta({ description: 'Absent: nothing was ever promoted into it' }),
  })
  .meta({ id: 'Environment' });

export const pipelineSummary = z
  .object({
    namespace: z.string(),
    name: z.string(),
    labels: z.record(z.string(), z.string()).meta({ description: 'Of the Pipeline' }),
    valid: z.boolean(),
    fault: z.string().optional().meta({ description: 'Why the Pipeline is invalid' }),
    suspended: z.boolean().meta({ description: 'All of its promotions wait' }),
    environments: z.array(environment).meta({ description: 'In the order of promotion' }),
    changedAt: at.optional().meta({ description: 'The newest change of its environments' }),
  })
  .meta({ id: 'PipelineSummary' });

export const attentions = ['waiting', 'approval', 'failed', 'held', 'open'] as const;

/** Of the Pipeline itself. */
export const labels = z
  .array(z.string().max(400))
  .max(20)
  .or(z.string().max(400))
  .meta({ description: 'key=value; several: all of them' });

export const pipelinesQuery = z.object({
  namespace: namespace.optional(),
  label: labels.optional(),
  search: z.string().max(253).optional().meta({ description: 'A part of namespace/name' }),
  environment: z.string().max(253).optional().meta({ description: 'Has that environment' }),
  version: version.optional().meta({ description: 'Has that version anywhere' }),
  state: z.enum(attentions).optional().meta({
    description:
      'waiting: some gate is closed; approval: for a person; failed; held: a version is held; open: a pull request is',
  }),
  mine: z.stringbool().optional().meta({
    description: 'Has a version that waits for an approval that you may give, as far as its lane knows',
  }),
  sort: z.enum(['name', 'changed', 'waiting']).default('name').meta({
    description: 'changed: the newest change first; waiting: what has waited longest first',
  }),
  ...pageQuery,
});

export const pipelinePath = z.object({ namespace, name: pipelineName });

export const pipelinePage = pageOf(pipelineSummary);

/** Of a gate that is closed now. */
export const closedGate = z.object({
  gate: z.string().meta({
    description:
      'Its name, as override takes it; the state of the promotion where one entry stands for all closed gates',
  }),
  says: z.string().meta({ description: 'What it waits for, and what a person can do about it' }),
  until: at.optional().meta({ description: 'When time opens it' }),
  excluded: z
    .array(z.string())
    .optional()
    .meta({ description: 'Of approvals: people whose approval adds nothing' }),
});

export const pipelineDetails = pipelineSummary.extend({
  application: z.string().meta({ description: 'Kind and name of the appRef' }),
  environments: z.array(
    environment.extend({
      targets: z
        .array(z.object({ namespace: z.string(), cluster: z.string().optional() }))
        .meta({ description: 'Where the application runs' }),
      strategy: z
        .enum(['pull-request', 'notification', 'none'])
        .meta({ description: 'How it is promoted into' }),
      gates: z.array(z.string()).meta({ description: 'What the Pipeline asks for, each as a sentence' }),
      freezes: z
        .array(z.string())
        .meta({ description: 'Of the Freezes that hold promotions into it now, namespace/name' }),
      suspended: z.boolean().meta({ description: 'By the API, for this environment alone' }),
      ran: z
        .array(z.object({ version: z.string(), at }))
        .meta({ description: 'Versions that it can be rolled back to, newest first' }),
      ahead: z
        .array(
          z.object({
            version: z.string(),
            at: at.meta({
              description: 'When the environment before reported it, or when its promotion from there ended',
            }),
            changes: z.string().optional().meta({ description: 'A page with what this version changed' }),
          }),
        )
        .optional()
        .meta({
          description: 'Versions of the environment before that this one does not run yet, newest first',
        }),
      changes: z
        .string()
        .optional()
        .meta({ description: 'A page with the changes from its version to the newest of `ahead`' }),
    }),
  ),
  freezes: z.array(z.string()).meta({
    description: 'Of the Freezes that hold it now in some environment, namespace/name; not suspensions',
  }),
  ...freshness,
});

export type Environment = z.infer<typeof environment>;
export type PipelineSummary = z.infer<typeof pipelineSummary>;
export type PipelineDetails = z.infer<typeof pipelineDetails>;
export type PipelinesQuery = z.infer<typeof pipelinesQuery>;
