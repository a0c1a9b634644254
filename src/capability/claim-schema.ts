/** Claims as a token has them. Unknown fields are ignored: a later version may have added them. */
import { z } from 'zod';
import { vouchings } from '../domain/people/actor';
import { type Claim } from '../domain/capability/claim';

/** As long as workflow ids can be. */
const id = z.string().min(1).max(1_000);
const name = z.string().min(1).max(253);
const commit = z.string().min(1).max(128);
const hash = z.string().min(1).max(128);

const claimed = { version: z.string().min(1).max(512), at: z.number() };

const actor = z.object({
  name,
  groups: z.array(name).max(1_000).optional(),
  via: z.enum(vouchings),
  from: z.string().max(253).optional(),
});

const schema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('report'),
    lane: id,
    identity: hash,
    content: hash.optional(),
    ...claimed,
  }),
  z.object({
    kind: z.literal('fact'),
    fact: z.enum(['deployed', 'rolled-back', 'tests-failed', 'tests-passed']),
    lane: id,
    identity: hash,
    ...claimed,
  }),
  z.object({
    kind: z.enum(['approve', 'reject']),
    promotion: id,
    head: commit.optional(),
    actor,
    ...claimed,
  }),
  z.object({
    kind: z.literal('override'),
    promotion: id,
    gates: z.array(name).min(1).max(100),
    actor,
    ...claimed,
  }),
  z.object({
    kind: z.enum(['promote', 'rollback']),
    lane: id,
    key: hash,
    actor,
    ...claimed,
  }),
  z.object({
    kind: z.literal('proposed'),
    promotion: id,
    head: commit,
    earlier: z.array(commit).max(100).optional(),
    ...claimed,
  }),
]);

/** @returns undefined: it is not a claim, or of a kind that this version does not know */
export function readClaim(json: string): Claim | undefined {
  try {
    // Zod says `undefined` of what is optional; a claim's optional fields are absent.
    return schema.safeParse(JSON.parse(json)).data as Claim | undefined;
  } catch {
    return undefined;
  }
}
