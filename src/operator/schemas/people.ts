import { z } from 'zod';
import { vouchings } from '../../domain/people/actor';
import { verbs, type Verb } from '../../domain/people/rights';
import { namespace, pipelineName, time } from './names';

const verb = z.enum(Object.keys(verbs) as [Verb, ...Verb[]]);

export const meQuery = z.object({ namespace: namespace.optional(), name: pipelineName.optional() });

/** Who the token is, and what it may do there. */
export const me = z.object({
  name: z.string(),
  groups: z.array(z.string()),
  via: z.enum(vouchings),
  allowed: z.array(verb),
  /** What the person should know about the token, such as groups that the issuer left out. */
  warning: z.string().optional(),
  /** Of the dashboard; absent: the request has a token of its own. */
  session: z.object({ until: time }).optional(),
});

export type Me = z.infer<typeof me>;
