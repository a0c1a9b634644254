import { z } from 'zod';
import { vouchings } from '../../domain/people/actor';
import { verbs, type Verb } from '../../domain/people/rights';
import { namespace, pipelineName, time } from './names';

const verb = z.enum(Object.keys(verbs) as [Verb, ...Verb[]]);

export const meQuery = z.object({ namespace: namespace.optional(), name: pipelineName.optional() });

/** Who the token is, and what it may do there. */
export const me = z.object({
  name: z.string().meta({ description: 'With the prefix of what vouches for it' }),
  groups: z.array(z.string()),
  via: z.enum(vouchings).meta({ description: 'What vouches for the name' }),
  allowed: z.array(verb).meta({ description: 'What the person may do there; without a place, everywhere' }),
  warning: z.string().optional().meta({
    description: 'What the person should know about the token, such as groups that the issuer left out',
  }),
  session: z
    .object({ until: time })
    .optional()
    .meta({ description: 'Of the dashboard; absent: the request has a token of its own' }),
});

export type Me = z.infer<typeof me>;
