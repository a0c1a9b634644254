/** What a promotion answers about its gates and its pull request, as anyone who reaches Temporal can have made it answer. */
import { z } from 'zod';
import { type ShownGate } from '../domain/gates/shown-gate';

const schema = z
  .array(
    z.object({
      gate: z.string().max(100),
      says: z.string().max(10_000),
      until: z.number().min(0).max(8.64e15).optional(),
      excluded: z.array(z.string().max(1_000)).max(1_000).optional(),
    }),
  )
  .max(100);

/** @returns undefined: it is no list of gates */
export function readShownGates(value: unknown): readonly ShownGate[] | undefined {
  const result = schema.safeParse(value);
  return result.success ? (result.data as readonly ShownGate[]) : undefined;
}

const commitId = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/);

/** @returns undefined: it is not the id of a commit */
export function readShownHead(value: unknown): string | undefined {
  return commitId.safeParse(value).data;
}
