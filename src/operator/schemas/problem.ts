import { z } from 'zod';

/** Why a request was refused. Part of the interface: scripts read it. */
export const problems = {
  'bad-request': { status: 400, meaning: 'The request does not fit the schema: `detail` names the field' },
  unauthenticated: { status: 401, meaning: 'There is no bearer token or session, or none that is known' },
  forbidden: { status: 403, meaning: 'The caller does not have the permission that the route asks for' },
  'not-found': { status: 404, meaning: 'There is no such route, Pipeline, environment, promotion or freeze' },
  'method-not-allowed': { status: 405, meaning: 'The path exists; `Allow` lists its methods' },
  conflict: { status: 409, meaning: 'The act cannot be done as things are: `detail` says why' },
  'too-large': { status: 413, meaning: 'The body is too large' },
  'unsupported-media-type': { status: 415, meaning: 'The body is not JSON' },
  'too-many-requests': {
    status: 429,
    meaning:
      'Too many failed authentications from this address, or too many event streams, audits or figures at once',
  },
  internal: { status: 500, meaning: 'An unexpected internal error: the log has the details' },
  unavailable: {
    status: 503,
    meaning: 'Temporal, the store, or what decides about rights does not answer: retry',
  },
  'no-worker': {
    status: 503,
    meaning: 'No worker answers: start one, then retry with the same Idempotency-Key',
  },
} as const satisfies Record<string, { readonly status: number; readonly meaning: string }>;

export type ProblemCode = keyof typeof problems;

const problemCodes = Object.keys(problems) as [ProblemCode, ...ProblemCode[]];

/** RFC 9457. */
export const problem = z
  .object({
    title: z.string(),
    status: z.number().int(),
    detail: z.string().meta({ description: 'What is wrong and what to do, as a sentence' }),
    code: z.enum(problemCodes),
  })
  .meta({ id: 'Problem' });

export type Problem = z.infer<typeof problem>;
