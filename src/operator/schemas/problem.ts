import { z } from 'zod';

/** Why a request was refused. Part of the interface: scripts read it. */
export const problemCodes = [
  'bad-request',
  'unauthenticated',
  'forbidden',
  'not-found',
  'method-not-allowed',
  'conflict',
  'too-large',
  'unsupported-media-type',
  'too-many-requests',
  'unavailable',
  'no-worker',
  'internal',
] as const;

/** RFC 9457. */
export const problem = z.object({
  title: z.string(),
  status: z.number().int(),
  detail: z.string().meta({ description: 'What is wrong and what to do, as a sentence' }),
  code: z.enum(problemCodes),
});

export type ProblemCode = (typeof problemCodes)[number];
export type Problem = z.infer<typeof problem>;
