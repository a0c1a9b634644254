/** docs/figures.md says in words what counts as what. */
import { z } from 'zod';
import { namespace, pipelineRef, time } from './names';
import { freshness } from './pages';
import { labels } from './pipelines';

const at = z.iso.datetime();
const count = z.number().int();
const seconds = z.number().int();
const share = z.number().min(0).max(1).optional();

const spread = {
  count,
  median: seconds.optional().meta({ description: 'In seconds. Absent: there is nothing to measure' }),
  percentile90: seconds.optional().meta({ description: 'In seconds: nine of ten take at most that long' }),
};

const leadTime = z
  .object({
    ...spread,
    unmeasured: count.meta({ description: 'Deployments whose beginning is not known' }),
  })
  .meta({ id: 'LeadTime' });

const counts = {
  promotions: count.meta({ description: 'That began' }),
  failed: count.meta({ description: 'Of these promotions, those that gave up at least once' }),
  deployments: count.meta({ description: 'Versions that reached their environment, rollbacks apart' }),
  rolledBack: count.meta({ description: 'Of these deployments, those that the environment went back from' }),
  failedShare: share.meta({ description: '`failed` of `promotions`, 0 to 1. Absent: there is none' }),
  rolledBackShare: share.meta({ description: '`rolledBack` of `deployments`, 0 to 1' }),
};

export const figuresQuery = z.object({
  pipeline: pipelineRef.optional(),
  namespace: namespace.optional(),
  label: labels.optional(),
  weeks: z.coerce
    .number()
    .int()
    .min(1)
    .max(104)
    .default(12)
    .meta({ description: 'How many, with that of `until`. A week begins on Monday, 00:00 UTC' }),
  until: time.optional().meta({ description: 'RFC 3339; now by default' }),
});

export const figures = z.object({
  since: at.meta({ description: 'The beginning of the first week' }),
  until: at,
  weeks: z
    .array(
      z.object({
        start: at,
        ...counts,
        leadTime: leadTime.meta({ description: 'From the first environment to the last' }),
        complete: z
          .boolean()
          .meta({ description: 'false: some lanes have dropped records of that week, or were not read' }),
      }),
    )
    .meta({ description: 'Oldest first' }),
  total: z.object(counts),
  endToEnd: leadTime.meta({
    description: 'Of deployments into the last environment, since the first one ran the version',
  }),
  hops: z.array(leadTime.extend({ environment: z.string() })).meta({
    description:
      'Of deployments into each environment, since the environment before ran the version; in their order',
  }),
  restore: z
    .object({
      ...spread,
      broken: count.meta({ description: 'Environments that are known to be broken now' }),
    })
    .meta({
      description:
        'From a rollback, or the request for one, to the next deployment into the same environment',
    }),
  waiting: z
    .object({
      ...spread,
      ages: z.array(z.object({ below: seconds.optional(), count })).meta({
        description: 'How many are younger than `below` seconds, and no younger than the one before',
      }),
      oldest: z
        .object({
          namespace: z.string(),
          pipeline: z.string(),
          environment: z.string(),
          version: z.string(),
          since: at,
        })
        .optional(),
    })
    .meta({ description: 'Promotions that are neither merged nor ended, now' }),
  coverage: z
    .object({
      lanes: count.meta({ description: 'That the figures are about' }),
      read: count.meta({ description: 'Of these, whose records are read. Ask again while they are fewer' }),
      silence: z.enum(['no-answer', 'memory']).optional().meta({
        description:
          'Why the others are not read. `no-answer`: no worker answers; `memory`: there are too many. Absent: they are read now',
      }),
      firstAt: at.optional().meta({ description: 'Of the oldest promotion. Absent: there is none' }),
      completeSince: at
        .optional()
        .meta({ description: 'Some lanes have dropped records from before. Absent: none has' }),
    })
    .meta({ description: 'How much the figures know' }),
  ...freshness,
});

export type FiguresAnswer = z.infer<typeof figures>;
export type FiguresQuery = z.infer<typeof figuresQuery>;
