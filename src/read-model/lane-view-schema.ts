/** A lane's memo, as anyone who reaches Temporal can have written it. */
import { z } from 'zod';
import { type LaneView } from '../domain/lane/lane-view';

const at = z.number().min(0).max(8.64e15);
const text = z.string().max(1_000);
const target = z.looseObject({ version: text, object: text, at });
const action = z.enum(['promote', 'withdraw']);

const schema = z.looseObject({
  schema: z.literal(1),
  pipeline: z.looseObject({ namespace: text, name: text }),
  environment: text,
  sentence: text,
  acting: z
    .looseObject({
      version: text,
      action,
      identity: text,
      from: text,
      since: at,
      state: text.optional(),
      waits: text.optional(),
      approval: z.looseObject({ excluded: z.array(text).max(100).optional() }).optional(),
      proposal: z.looseObject({ url: z.string().max(4_096), number: z.number(), at }).optional(),
    })
    .optional(),
  settling: z
    .looseObject({ version: text, identity: text, stage: z.enum(['merged', 'notified']), at })
    .optional(),
  queued: z.array(text).max(100).optional(),
  held: z
    .array(
      z.looseObject({
        version: text,
        because: z.enum(['closed', 'rejected', 'rolled-back']),
        by: text.optional(),
        url: z.string().max(4_096).optional(),
        at,
      }),
    )
    .max(100)
    .optional(),
  running: z.array(target).max(1_000).optional(),
  source: z.array(target).max(1_000).optional(),
  failed: z.looseObject({ version: text, code: text.optional() }).optional(),
  last: z
    .looseObject({
      version: text,
      state: text,
      detail: z.string().max(4_096).optional(),
      by: text.optional(),
      endedAt: at,
    })
    .optional(),
  recordedAt: at.optional(),
  changedAt: at,
});

/** @returns undefined: it is none */
export function readLaneView(value: unknown): LaneView | undefined {
  const result = schema.safeParse(value);
  return result.success ? (result.data as unknown as LaneView) : undefined;
}
