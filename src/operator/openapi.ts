/** The OpenAPI document of the operators' API, made from the table of routes. */
import { z } from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { basePath, idempotencyHeader, type Right, type Route, type RouteName, routes } from './routes';
import { problem, type ProblemCode, problems } from './schemas/problem';

const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/)
  .optional()
  .meta({ description: 'A repeated request with the same key is the same act' });
const lastEventId = z
  .string()
  .optional()
  .meta({ description: 'The id of the last event that the client has: the stream continues after it' });

/** Of the listener, which does not know the routes. */
const brokenRequest = problem.omit({ code: true }).meta({ id: 'BrokenRequest' });

/** The same text for the same table. */
export function openApiDocument(): ReturnType<typeof createDocument> {
  const paths: ZodOpenApiPathsObject = {};
  for (const [name, route] of Object.entries(routes) as [RouteName, Route][]) {
    const path = basePath + route.path;
    paths[path] = { ...paths[path], [route.method]: operationOf(name, route) };
  }
  return createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'Windlass',
        version: '1',
        description:
          'The API for people and their tools: what runs where, what waits, approvals, promotions, rollbacks, freezes, the record. See docs/api.md.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      security: [{ bearer: [] }],
      paths,
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            description:
              'A token of Kubernetes, OIDC or of the tokens file. The dashboard sends a cookie instead, which is not an interface',
          },
        },
      },
    },
    { override: describeTexts },
  );
}

/** What comes in a query or path is text; the document describes what the text means. */
function describeTexts({
  jsonSchema,
  zodSchema,
}: {
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
  readonly zodSchema: z.core.$ZodTypes;
}): void {
  const { def } = zodSchema._zod;
  // `z.stringbool()`
  if (def.type === 'pipe' && def.out._zod.def.type === 'boolean') jsonSchema.type = 'boolean';
  // A parameter that can be repeated.
  const [list, ...rest] = jsonSchema.anyOf ?? [];
  if (def.type === 'union' && list?.type === 'array' && rest.length === 1) {
    delete jsonSchema.anyOf;
    Object.assign(jsonSchema, list);
  }
  // Its regular expression says the same in hundreds of characters.
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
}

function operationOf(name: RouteName, route: Route): ZodOpenApiOperationObject {
  const { params, query, body, method } = route;
  const acts = method !== 'get';
  const header = acts
    ? z.object({ [idempotencyHeader]: idempotencyKey })
    : name === 'events'
      ? z.object({ 'Last-Event-ID': lastEventId })
      : undefined;
  return {
    operationId: name,
    summary: route.summary,
    description: `Needs ${describeRight(route.right)}.`,
    requestParams: {
      ...(params === undefined ? {} : { path: params }),
      ...(query === undefined ? {} : { query }),
      ...(header === undefined ? {} : { header }),
    },
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: { '200': success(route), ...problemResponses(route) },
  };
}

function success({ answer }: Route) {
  return answer === undefined
    ? {
        description: 'Server-sent events',
        content: { 'text/event-stream': { schema: z.string() } },
      }
    : { description: 'Done', content: { 'application/json': { schema: answer } } };
}

/** What every route can answer, and what only some of them can. */
function problemResponses(route: Route) {
  const never = new Set<ProblemCode>(['method-not-allowed']);
  if (route.right.on === 'each' || route.right.on === 'caller') never.add('forbidden').add('conflict');
  if (route.params === undefined) never.add('not-found');
  if (route.body === undefined) never.add('too-large').add('unsupported-media-type');
  const byStatus = new Map<string, string[]>();
  for (const [code, { status, meaning }] of Object.entries(problems) as [
    ProblemCode,
    { readonly status: number; readonly meaning: string },
  ][]) {
    if (never.has(code)) continue;
    const texts = byStatus.get(String(status)) ?? [];
    byStatus.set(String(status), [...texts, `\`${code}\`: ${meaning}`]);
  }
  const answers = [...byStatus].map(([status, texts]) => [
    status,
    {
      description: `${texts.join('. ')}.`,
      content: { 'application/problem+json': { schema: problem } },
    },
  ]);
  const broken = [
    ['408', 'The request took too long to arrive.'],
    ['431', 'The headers or the URL are too large.'],
  ].map(([status, description]) => [
    status,
    { description, content: { 'application/problem+json': { schema: brokenRequest } } },
  ]);
  return Object.fromEntries([...answers, ...broken]) as ZodOpenApiOperationObject['responses'];
}

/** In Markdown. */
export function describeRight(right: Right): string {
  switch (right.on) {
    case 'caller':
      return 'a known token';
    case 'pipeline':
      return `the right \`${right.verb}\` on the Pipeline`;
    case 'promotion':
      return `the right \`${right.verb}\` on the promotion's Pipeline`;
    case 'namespace':
      return `the right \`${right.verb}\` in the namespace`;
    case 'each':
      return `the right \`${right.verb}\` in a namespace to see what is in it`;
  }
}
