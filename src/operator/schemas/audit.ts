import { z } from 'zod';
import { vouchings } from '../../domain/people/actor';
import { decisionKinds, outcomeKinds } from '../../domain/record/audit-record';
import { environmentName, namespace, pipelineRef, time, version } from './names';

const recordKind = z.enum([...decisionKinds, ...outcomeKinds]);

export const auditRecord = z
  .object({
    kind: recordKind,
    at: z.iso.datetime(),
    namespace: z.string().optional(),
    pipeline: z.string().optional(),
    environment: z.string().optional(),
    version: z.string().optional(),
    head: z.string().optional().meta({ description: 'The commit that was decided on' }),
    by: z.string().optional().meta({ description: 'Who decided it; of an outcome, who merged or closed it' }),
    groups: z.array(z.string()).optional(),
    via: z
      .enum(vouchings)
      .optional()
      .meta({ description: 'What vouches for the name; absent: nothing does' }),
    from: z.string().optional().meta({ description: 'The address of the client' }),
    detail: z.string().optional().meta({ description: 'The comment, the reason, the page, the failure' }),
  })
  .meta({ id: 'AuditRecord' });

export const auditQuery = z.object({
  pipeline: pipelineRef.optional(),
  namespace: namespace.optional(),
  environment: environmentName.optional(),
  version: version.optional(),
  by: z.string().max(253).optional().meta({ description: 'Who decided it' }),
  kind: z.array(recordKind).or(recordKind).optional().meta({ description: 'Several: any of them' }),
  decisions: z.stringbool().optional().meta({ description: 'Only what people decided' }),
  since: time.optional().meta({ description: 'At that time or later' }),
  until: time.optional().meta({ description: 'At that time or earlier' }),
  limit: z.coerce.number().int().min(1).max(10_000).default(1_000).meta({ description: 'Records' }),
});

export const audit = z.object({
  records: z.array(auditRecord).meta({ description: 'Newest first' }),
  complete: z.boolean().meta({ description: 'false: there are more than `limit`, or a lane did not answer' }),
  /** Where a lane has forgotten what was before. */
  beginnings: z
    .array(
      z.object({
        namespace: z.string(),
        pipeline: z.string(),
        environment: z.string(),
        since: z.iso.datetime(),
      }),
    )
    .meta({
      description: 'Environments whose record begins after `since`, because older lines were dropped',
    }),
  silent: z.array(z.string()).meta({ description: 'Lanes that did not answer: their records are missing' }),
  silence: z.enum(['time', 'no-worker']).optional().meta({
    description:
      'Why lanes did not answer. `time`: there was not enough of it, so ask for less; `no-worker`: no worker runs',
  }),
});

export type AuditEntry = z.infer<typeof auditRecord>;
export type AuditQuery = z.infer<typeof auditQuery>;
export type Audit = z.infer<typeof audit>;
