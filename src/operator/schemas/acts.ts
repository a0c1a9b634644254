import { z } from 'zod';
import { longestReason } from '../../domain/freezes/freeze';
import { overridableGates, type GateName } from '../../domain/gates/registry';
import { environmentName, namespace, person, pipelineName, reason, version } from './names';

export const environmentPath = z.object({ namespace, name: pipelineName, environment: environmentName });

const head = z
  .string()
  .regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/)
  .optional()
  .meta({ description: 'The commit that was looked at; refused if the pull request has another by now' });

export const decision = z.strictObject({
  version,
  head,
  comment: z.string().max(1_000).optional().meta({ description: 'For the record' }),
});
export const rejection = decision.extend({ comment: reason });
export const promoteRequest = z.strictObject({ version, reason: reason.optional() });
export const rollbackRequest = z.strictObject({ version, reason });
export const cancelRequest = z.strictObject({ version, reason: reason.optional() });
export const retryRequest = z.strictObject({ reason: reason.optional() });
export const overrideRequest = z.strictObject({
  version,
  gates: z
    .array(z.enum(overridableGates as [GateName, ...GateName[]]))
    .min(1)
    .meta({ description: 'Which to open' }),
  reason,
});
export const suspendRequest = z.strictObject({
  environment: environmentName.optional().meta({ description: 'Absent: all environments' }),
  reason: reason.max(longestReason),
});
export const resumeRequest = z.strictObject({
  environment: environmentName.optional(),
  reason: reason.optional(),
});

/** What an act answers. */
export const done = z
  .object({
    said: z.string().meta({ description: 'What happens now, as a sentence' }),
    by: person,
    at: z.iso.datetime(),
    lane: z.string().optional().meta({ description: 'The workflow id of the lane' }),
    promotion: z.string().optional().meta({ description: 'The workflow id of the promotion' }),
    version: z.string().optional().meta({ description: 'Of a retry: the version that runs again' }),
    repeated: z
      .boolean()
      .meta({ description: 'The same Idempotency-Key was used before: nothing happened now' }),
  })
  .meta({ id: 'Done' });

export type Done = z.infer<typeof done>;
