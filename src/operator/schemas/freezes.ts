import { z } from 'zod';
import { longestReason, mostEnvironments } from '../../domain/freezes/freeze';
import { environmentName, namespace, pipelineName, time } from './names';
import { freshness } from './pages';

const at = z.iso.datetime();

export const freeze = z
  .object({
    namespace: z.string(),
    name: z.string(),
    reason: z.string(),
    author: z.string().optional(),
    from: at.optional(),
    until: at.optional(),
    inForce: z.boolean(),
    environments: z.array(z.string()).optional(),
    pipelines: z
      .object({
        matchLabels: z.record(z.string(), z.string()).optional(),
        names: z.array(z.string()).optional(),
      })
      .optional()
      .meta({ description: 'Absent: all Pipelines of its namespaces' }),
    allNamespaces: z.boolean(),
    /** Made by the API: only such a one can be ended by it. */
    ours: z.boolean(),
    endedBy: z.string().optional(),
  })
  .meta({ id: 'Freeze' });

export const freezesQuery = z.object({
  namespace: namespace.optional(),
  all: z.stringbool().default(false).meta({ description: 'Also those that have ended' }),
});

export const freezeList = z.object({ items: z.array(freeze), ...freshness });

export const newFreeze = z.strictObject({
  namespace: namespace.meta({ description: "Where it is made: it holds that namespace's Pipelines" }),
  reason: z.string().min(1).max(longestReason),
  from: time.optional(),
  until: time.optional(),
  environments: z.array(environmentName).min(1).max(mostEnvironments).optional(),
  pipelines: z
    .strictObject({
      matchLabels: z.record(z.string().max(317), z.string().max(63)).optional(),
      names: z.array(pipelineName).min(1).max(100).optional(),
    })
    .optional(),
});

export const freezePath = z.object({ namespace, name: pipelineName });

export type FreezeItem = z.infer<typeof freeze>;
export type NewFreeze = z.infer<typeof newFreeze>;
