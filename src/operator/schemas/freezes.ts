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
    author: z.string().optional().meta({ description: 'Who decided it' }),
    from: at.optional().meta({ description: 'Absent: it has begun' }),
    until: at.optional().meta({ description: 'Absent: until someone ends it' }),
    inForce: z.boolean().meta({ description: 'Whether it holds promotions now' }),
    environments: z.array(z.string()).optional().meta({ description: 'Absent: all' }),
    pipelines: z
      .object({
        matchLabels: z.record(z.string(), z.string()).optional(),
        names: z.array(z.string()).optional(),
      })
      .optional()
      .meta({ description: 'Absent: all Pipelines of its namespaces' }),
    allNamespaces: z.boolean().meta({ description: 'It holds Pipelines of all namespaces' }),
    ours: z.boolean().meta({ description: 'The API made it: only such a one can be ended by it' }),
    endedBy: z.string().optional().meta({ description: 'Who ended it before its time' }),
  })
  .meta({ id: 'Freeze' });

export const freezesQuery = z.object({
  namespace: namespace.optional(),
  all: z.stringbool().default(false).meta({ description: 'Also those that have ended' }),
});

export const freezeList = z.object({ items: z.array(freeze), ...freshness });

export const newFreeze = z.strictObject({
  namespace: namespace.meta({ description: "Where it is made: it holds that namespace's Pipelines" }),
  reason: z
    .string()
    .min(1)
    .max(longestReason)
    .meta({ description: 'Why, for the record', examples: ['Stocktaking'] }),
  from: time.optional().meta({ description: 'Absent: now' }),
  until: time.optional().meta({ description: 'Absent: until someone ends it' }),
  environments: z
    .array(environmentName)
    .min(1)
    .max(mostEnvironments)
    .optional()
    .meta({ description: 'Environments promoted into. Absent: all' }),
  pipelines: z
    .strictObject({
      matchLabels: z.record(z.string().max(317), z.string().max(63)).optional(),
      names: z.array(pipelineName).min(1).max(100).optional(),
    })
    .optional()
    .meta({ description: 'Which of them, by labels or names; both must fit. Absent: all of the namespace' }),
});

export const freezePath = z.object({ namespace, name: pipelineName });

export type FreezeItem = z.infer<typeof freeze>;
export type NewFreeze = z.infer<typeof newFreeze>;
