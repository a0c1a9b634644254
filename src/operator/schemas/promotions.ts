import { z } from 'zod';
import { auditRecord } from './audit';
import { environmentName, person, pipelineRef, time, version } from './names';
import { freshness, pageOf, pageQuery } from './pages';
import { closedGate, shownState } from './pipelines';

const at = z.iso.datetime();

export const promotionsQuery = z.object({
  pipeline: pipelineRef.optional(),
  environment: environmentName.optional(),
  state: shownState.optional(),
  version: version.optional(),
  actor: z.string().max(253).optional().meta({ description: 'Someone who decided on it; needs `pipeline`' }),
  since: time.optional().meta({ description: 'Started at that time or later' }),
  until: time.optional().meta({ description: 'Started at that time or earlier' }),
  ...pageQuery,
});

export const promotionSummary = z
  .object({
    id: z.string().meta({ description: 'Its workflow id' }),
    namespace: z.string(),
    pipeline: z.string(),
    from: z.string().optional().meta({ description: 'The environment promoted from' }),
    environment: z.string().meta({ description: 'The environment promoted into' }),
    version: z.string(),
    action: z.enum(['promote', 'withdraw']).meta({
      description:
        'withdraw: closes the pull request of a version that the environment before no longer runs',
    }),
    state: z.string().meta({ description: 'See [outcomes](outcomes.md)' }),
    ended: z.boolean(),
    startedAt: at,
    endedAt: at.optional(),
    requestedBy: z.array(z.string()).meta({ description: 'People who asked for it; none: an event did' }),
  })
  .meta({ id: 'PromotionSummary' });

export const promotionPage = pageOf(promotionSummary);

/** A workflow id, in one part of the path: its slashes are escaped. */
export const promotionPath = z.object({
  id: z
    .string()
    .min(1)
    .max(1_000)
    .meta({
      description: 'Its workflow id, percent-encoded',
      examples: ['promotion/apps/shop/prod/1.4.0/0a1b2c3d4e5f'],
    }),
});

const attempt = z.object({
  number: z.number().int(),
  at,
  outcome: z.string().meta({ description: 'How it ended' }),
  code: z.string().optional().meta({ description: 'Of a failure, see [outcomes](outcomes.md)' }),
  reason: z.string().optional().meta({ description: 'Of a failure, as a sentence' }),
});

export const promotionDetails = promotionSummary.extend({
  sentence: z.string().optional().meta({ description: 'How it stands, in one sentence' }),
  timeline: z
    .array(z.object({ step: z.string(), at, by: z.string().optional(), detail: z.string().optional() }))
    .meta({
      description:
        'reported, proposed, approved, merged, deployed, verified or tests-failed and so on, oldest first',
    }),
  attempts: z.array(attempt).meta({ description: 'Oldest first' }),
  gates: z.array(closedGate).meta({ description: 'Those that are closed now' }),
  approvals: z.array(z.object({ by: z.string(), at, head: z.string().optional() })),
  people: z.array(person).meta({ description: 'Who decided on it' }),
  records: z.array(auditRecord).meta({ description: 'What its lane kept of this version, newest first' }),
  pullRequest: z
    .object({ url: z.string(), number: z.number().int(), head: z.string().optional() })
    .optional(),
  links: z
    .record(z.string(), z.string())
    .meta({ description: 'Pages, by what they show: `pullRequest`, `temporal`, `trace`' }),
  ...freshness,
});

export type PromotionsQuery = z.infer<typeof promotionsQuery>;
export type PromotionSummary = z.infer<typeof promotionSummary>;
export type PromotionDetails = z.infer<typeof promotionDetails>;
