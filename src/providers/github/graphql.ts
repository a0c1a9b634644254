/** GitHub's GraphQL API, for what its REST API cannot do. It answers 200 with `errors`. */
import { z } from 'zod';
import { WindlassError } from '../../domain/errors';
import { type RestClient } from '../rest/rest-client';

export interface GraphqlError {
  /** Such as `FORBIDDEN`, `NOT_FOUND`, `UNPROCESSABLE`. */
  readonly type: string;
  readonly words: string;
}

const envelope = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(
      z.object({
        type: z.string().catch(''),
        message: z.string().catch(''),
        extensions: z.object({ code: z.string().catch('') }).optional(),
      }),
    )
    .optional(),
});

const maxWords = 500;
/** It says no time in what is parsed: https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api */
const rateLimitWaitMs = 60_000;

/** @returns the data, or the first error @throws ApiRefusal; WindlassError rate-limited, request-refused */
export async function graphql<T extends z.ZodType>(
  client: RestClient,
  schema: T,
  body: { readonly query: string; readonly variables: Readonly<Record<string, unknown>> },
  signal: AbortSignal,
): Promise<{ readonly data: z.output<T> } | { readonly error: GraphqlError }> {
  const request = { method: 'POST', url: graphqlUrl(client.baseUrl), body };
  const { data, errors = [] } = await client.request(envelope, request, signal);
  const [first] = errors;
  if (first === undefined) return { data: client.parse(schema, data) };
  const type = first.type === '' ? (first.extensions?.code ?? '') : first.type;
  if (type === 'RATE_LIMITED') {
    const says = `${client.target.host} asks for fewer GraphQL requests with this token.`;
    throw new WindlassError('rate-limited', says, { retryAfterMs: rateLimitWaitMs });
  }
  return { error: { type, words: first.message.slice(0, maxWords) } };
}

/** An Enterprise Server has it beside its REST API: https://HOST/api/v3, https://HOST/api/graphql. */
function graphqlUrl(baseUrl: string): string {
  return baseUrl.endsWith('/api/v3') ? baseUrl.replace(/v3$/, 'graphql') : `${baseUrl}/graphql`;
}
