/** The client of the operators' API, made from its table of routes. */
import { z } from 'zod';
import {
  basePath,
  idempotencyHeader,
  routes,
  type Answer,
  type Arguments,
  type Route,
  type RouteName,
} from '../../operator/routes';
import { CommandFault } from '../exit-codes';
import { plainValue } from '../text/plain';
import { refusalOf, mayComeLater } from './refusal';
import { type HttpAnswer, type HttpRequest, type HttpStream, type Transport, Unanswered } from './transport';

type Sent<Name extends RouteName> = Arguments<Name>;
type Omittable<Name extends RouteName> = {
  [K in keyof Sent<Name>]: Partial<Sent<Name>[K]> extends Sent<Name>[K] ? K : never;
}[keyof Sent<Name>];

/** What a route takes; parts in which nothing is required can be left out. */
export type CallArguments<Name extends RouteName> = Omit<Sent<Name>, Omittable<Name>> &
  Partial<Pick<Sent<Name>, Omittable<Name>>>;

interface Parts {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

export interface Client {
  /**
   * Calls a route; an act carries an Idempotency-Key, so that it is sent again after a lost answer. Texts in the answer
   * are safe to print.
   * @throws CommandFault with the sentence of the server
   */
  call<Name extends Exclude<RouteName, 'events'>>(
    name: Name,
    given: CallArguments<Name>,
  ): Promise<Answer<Name>>;
  /** Opens the stream of changes. @param lastEventId where to continue @throws CommandFault */
  openEvents(
    given: CallArguments<'events'>,
    lastEventId: string | undefined,
  ): Promise<AsyncIterable<Uint8Array>>;
  /** Asks for a link that logs a browser in, once. @throws CommandFault */
  dashboardLink(): Promise<URL>;
}

export interface ClientOptions {
  /** Without `/api/v1`. */
  readonly server: URL;
  readonly token: string;
  readonly transport: Transport;
  readonly newKey: () => string;
  readonly pause: (ms: number) => Promise<void>;
}

/** Before each repetition, milliseconds. */
const waits = [500, 1_500, 4_000];

export function createClient(options: ClientOptions): Client {
  const { server, token, transport, newKey } = options;
  const common = { authorization: `Bearer ${token}`, 'user-agent': 'windlass-cli' };

  return {
    async call<Name extends Exclude<RouteName, 'events'>>(name: Name, given: CallArguments<Name>) {
      const route: Route = routes[name];
      const { url, body } = buildRequest(server, route, given);
      const key = route.method === 'get' ? {} : { [idempotencyHeader.toLowerCase()]: newKey() };
      const answer = await repeated(options, () =>
        transport.send({
          method: methods[route.method],
          url,
          headers: {
            ...common,
            accept: 'application/json',
            ...key,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body }),
        }),
      );
      if (answer.status !== 200) throw refusalOf(server, answer);
      return readAnswer(route.answer, answer) as Answer<Name>;
    },
    async openEvents(given, lastEventId) {
      const { query = {} } = given;
      const { url } = buildRequest(server, routes.events, { query });
      const resume = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
      const headers = { ...common, accept: 'text/event-stream', ...resume };
      const stream: HttpStream = await transport.open({ method: 'GET', url, headers });
      if (stream.opened) return stream.chunks;
      throw refusalOf(server, stream.answer);
    },
    async dashboardLink() {
      const url = new URL('/auth/links', server);
      const headers = { ...common, accept: 'application/json' };
      const answer = await transport.send({ method: 'POST', url, headers });
      if (answer.status !== 200) throw refusalOf(server, answer);
      const { path } = readAnswer(linkSchema, answer) as z.output<typeof linkSchema>;
      return new URL(path, server);
    },
  };
}

/** A path of the server itself. */
const linkSchema = z.object({ path: z.string().regex(/^\/auth\/link\?code=[\w-]+$/) });

const methods = { get: 'GET', post: 'POST', delete: 'DELETE' } as const satisfies Record<
  Route['method'],
  HttpRequest['method']
>;

/** A lost answer, and what the server says that passes. */
async function repeated({ pause }: ClientOptions, send: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
  let begun = false;
  for (const wait of waits) {
    try {
      const answer = await send();
      if (!mayComeLater(answer)) return answer;
    } catch (error) {
      if (!(error instanceof Unanswered) || !(error.lost || begun)) throw error;
    }
    begun = true;
    await pause(wait);
  }
  return send();
}

/** @throws CommandFault usage: what the server would refuse in any case */
function buildRequest(server: URL, route: Route, { params = {}, query = {}, body }: Parts) {
  check(route.params, params);
  check(route.query, query);
  check(route.body, body);
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(String(params[name])),
  );
  const url = new URL(`${server.href.replace(/\/+$/, '')}${basePath}${path}`);
  for (const [name, value] of queryPairs(query)) url.searchParams.append(name, value);
  return { url, body: route.body === undefined ? undefined : JSON.stringify(body ?? {}) };
}

/** A list is sent as several of the same name. */
function queryPairs(query: Readonly<Record<string, unknown>>): [string, string][] {
  return Object.entries(query).flatMap(([name, value]) =>
    [value]
      .flat()
      .filter((each) => typeof each === 'string' || typeof each === 'number')
      .map((each): [string, string] => [name, String(each)]),
  );
}

function check(schema: z.ZodType | undefined, value: unknown): void {
  const [first] = schema?.safeParse(value ?? {}).error?.issues ?? [];
  if (first === undefined) return;
  const place = first.path.join('.');
  throw new CommandFault('usage', `The ${place === '' ? 'request' : place} is invalid: ${first.message}.`);
}

function readAnswer(schema: z.ZodType | undefined, { text, type }: HttpAnswer): unknown {
  const parsed = type === 'application/json' ? schema?.safeParse(plainValue(parseJson(text))) : undefined;
  if (parsed?.success === true) return parsed.data;
  const [issue] = parsed?.error.issues ?? [];
  const place = issue === undefined ? '' : ` (${issue.path.join('.')}: ${issue.message})`;
  throw new CommandFault(
    'failed',
    `The server's answer is not one that this windlass understands${place}: check the address, and use the version of windlass that the server has.`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
