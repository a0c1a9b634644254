/** A strict stand-in for the operators' API, made from its table of routes: it takes only what the table allows. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import {
  type Answer,
  basePath,
  idempotencyHeader,
  type Route,
  type RouteName,
  routes,
} from '../../src/operator/routes';
import { type ProblemCode } from '../../src/operator/schemas/problem';
import { closeServer, listenOnLoopback } from './loopback';

export interface OperatorRequest {
  readonly route: RouteName;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | string[]>>;
  readonly body: unknown;
  readonly key: string | undefined;
  readonly lastEventId: string | undefined;
}

/** What it answers: an answer of the table, a problem, the raw text of a stream, or a broken connection. */
export type Reply =
  | { readonly answer: unknown }
  | { readonly problem: ProblemCode; readonly status: number; readonly detail: string }
  | { readonly stream: string }
  | { readonly raw: string; readonly status: number; readonly type: string }
  | 'broken';

type Answering = Reply | ((request: OperatorRequest) => Reply);

export interface OperatorApi {
  readonly url: string;
  readonly token: string;
  /** Takes other tokens than its own. */
  accept(check: (token: string) => boolean): void;
  readonly requests: OperatorRequest[];
  /** What did not fit the table; a test expects none. */
  readonly faults: string[];
  /** Answers of a route in their order; the last one is repeated. */
  reply(route: RouteName, ...replies: readonly Answering[]): void;
  answer<Name extends Exclude<RouteName, 'events'>>(route: Name, answer: Answer<Name>): void;
  close(): Promise<void>;
}

export async function startOperatorApi(): Promise<OperatorApi> {
  const token = 'stand-in-token-0123456789';
  const requests: OperatorRequest[] = [];
  const faults: string[] = [];
  let isKnown = (given: string): boolean => given === token;
  const replies = new Map<RouteName, Answering[]>();

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://stand-in');
    const found = findRoute(request.method ?? '', url.pathname);
    if (found === undefined) {
      faults.push(`no route: ${String(request.method)} ${url.pathname}`);
      problem(response, 404, 'not-found', 'No such route.');
      return;
    }
    const { name, params } = found;
    const route: Route = routes[name];
    const [, given] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (given === undefined || !isKnown(given)) {
      problem(response, 401, 'unauthenticated', 'The token is not one that this server knows.');
      return;
    }
    const body = await text(request);
    const read: OperatorRequest = {
      route: name,
      params,
      query: queryOf(url),
      body: body === '' ? undefined : (JSON.parse(body) as unknown),
      key: header(request, idempotencyHeader),
      lastEventId: header(request, 'Last-Event-ID'),
    };
    requests.push(read);
    faults.push(...faultsOf(route, read, request));
    const queue = replies.get(name) ?? [];
    const next = queue.length > 1 ? queue.shift() : queue[0];
    if (next === undefined) {
      faults.push(`no reply for ${name}`);
      problem(response, 500, 'internal', 'The stand-in has no reply.');
      return;
    }
    send(route, typeof next === 'function' ? next(read) : next, response);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      faults.push(String(error));
      response.destroy();
    });
  });
  const port = await listenOnLoopback(server);
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    accept(check) {
      isKnown = check;
    },
    requests,
    faults,
    reply: (route, ...given) => replies.set(route, [...given]),
    answer: (route, answer) => replies.set(route, [{ answer }]),
    close: () => closeServer(server),
  };
}

const header = (request: IncomingMessage, name: string): string | undefined =>
  [request.headers[name.toLowerCase()] ?? []].flat()[0];

function findRoute(
  method: string,
  path: string,
): { readonly name: RouteName; readonly params: Record<string, string> } | undefined {
  if (!path.startsWith(`${basePath}/`)) return undefined;
  const parts = path.slice(basePath.length).split('/');
  for (const [name, route] of Object.entries(routes)) {
    const pattern = route.path.split('/');
    if (route.method !== method.toLowerCase() || pattern.length !== parts.length) continue;
    const params: Record<string, string> = {};
    const fits = pattern.every((expected, index) => {
      const given = parts[index] ?? '';
      const [, parameter] = /^\{(\w+)\}$/.exec(expected) ?? [];
      if (parameter === undefined) return expected === given;
      params[parameter] = decodeURIComponent(given);
      return true;
    });
    if (fits) return { name: name as RouteName, params };
  }
  return undefined;
}

function queryOf(url: URL): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  for (const name of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(name);
    query[name] = values.length === 1 ? (values[0] ?? '') : values;
  }
  return query;
}

function faultsOf(route: Route, read: OperatorRequest, request: IncomingMessage): string[] {
  const check = (part: string, schema: z.ZodObject | undefined, value: unknown): string[] => {
    const strict = (schema ?? z.object({})).strict();
    const result = strict.safeParse(value);
    return result.success ? [] : [`${read.route} ${part}: ${z.prettifyError(result.error)}`];
  };
  const acts = route.method !== 'get';
  const hasKey = read.key !== undefined && /^[\x21-\x7e]{1,128}$/.test(read.key);
  const isJson = header(request, 'content-type') === 'application/json';
  return [
    ...check('params', route.params, read.params),
    ...check('query', route.query, read.query),
    ...(route.body === undefined ? [] : check('body', route.body, read.body)),
    ...(route.body === undefined && read.body !== undefined ? [`${read.route} takes no body`] : []),
    ...(route.body !== undefined && !isJson ? [`${read.route} without content-type`] : []),
    ...(acts === hasKey ? [] : [`${read.route}: ${idempotencyHeader} is ${String(read.key)}`]),
  ];
}

function send(route: Route, reply: Reply, response: ServerResponse): void {
  if (reply === 'broken') response.destroy();
  else if ('answer' in reply) {
    route.answer?.parse(reply.answer);
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
    response.end(JSON.stringify(reply.answer));
  } else if ('stream' in reply) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(reply.stream);
  } else if ('raw' in reply) {
    response.writeHead(reply.status, { 'content-type': reply.type });
    response.end(reply.raw);
  } else problem(response, reply.status, reply.problem, reply.detail);
}

function problem(response: ServerResponse, status: number, code: ProblemCode, detail: string): void {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ title: 'Problem', status, code, detail }));
}
