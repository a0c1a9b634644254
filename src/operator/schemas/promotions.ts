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
  until: time.optional(),
  ...pageQuery,
});

export const promotionSummary = z
  .object({
    id: z.string(),
    namespace: z.string(),
    pipeline: z.string(),
    from: z.string().optional(),
    environment: z.string(),
    version: z.string(),
    action: z.enum(['promote', 'withdraw']),
    state: z.string(),
    ended: z.boolean(),
    startedAt: at,
    endedAt: at.optional(),
    /** Of a promotion that a person asked for. */
    requestedBy: z.array(z.string()),
  })
  .meta({ id: 'PromotionSummary' });

export const promotionPage = pageOf(promotionSummary);

/** A workflow id, in one part of the path: its slashes are escaped. */
export const promotionPath = z.object({ id: z.string().min(1).max(1_000) });

const attempt = z.object({
  number: z.number().int(),
  at,
  outcome: z.string(),
  code: z.string().optional(),
  reason: z.string().optional(),
});

export const promotionDetails = promotionSummary.extend({
  sentence: z.string().optional().meta({ description: 'How it stands, in one sentence' }),
  timeline: z
    .array(z.object({ step: z.string(), at, by: z.string().optional(), detail: z.string().optional() }))
    .meta({ description: 'reported, proposed, approved, merged, deployed and so on, oldest first' }),
  attempts: z.array(attempt),
  gates: z.array(closedGate),
  approvals: z.array(z.object({ by: z.string(), at, head: z.string().optional() })),
  people: z.array(person),
  records: z.array(auditRecord),
  pullRequest: z
    .object({ url: z.string(), number: z.number().int(), head: z.string().optional() })
    .optional(),
  /** Pages, by what they show. */
  links: z.record(z.string(), z.string()),
  ...freshness,
});

export type PromotionsQuery = z.infer<typeof promotionsQuery>;
export type PromotionSummary = z.infer<typeof promotionSummary>;
export type PromotionDetails = z.infer<typeof promotionDetails>;
