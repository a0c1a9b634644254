import { type z } from 'zod';
import { WindlassError } from '../../domain/errors';
import { parseApiUrl } from './api-address';
import { entityTag, exchange, type RestConnection, type RestRequest } from './exchange';
import { type CallTarget, notTheApi } from './refusal';
import { type RestApi } from './rest-api';

export type { RestConnection, RestRequest } from './exchange';

/**
 * The client of one provider's API for one repository. One attempt a request, with today's credentials; the workflow
 * repeats. Everything that it throws is a WindlassError, or the signal's reason.
 */
export interface RestClient {
  readonly target: CallTarget;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /**
   * @returns the answer's JSON, of a list all pages in one array
   * @throws ApiRefusal for an answer of 400 and above; WindlassError request-refused for what is not this API's
   */
  send(request: RestRequest, signal: AbortSignal): Promise<unknown>;
  /**
   * One page of a list.
   * @param tag of an earlier answer to the same question
   * @returns undefined: the answer is still the one with this tag
   */
  page(request: RestRequest, signal: AbortSignal, tag?: string): Promise<RestPage | undefined>;
  /**
   * Takes the fields that are needed.
   * @throws WindlassError request-refused when it is not what this API would say: most likely another server answered
   */
  parse<T extends z.ZodType>(schema: T, data: unknown): z.output<T>;
  /** `send`, then `parse`. */
  request<T extends z.ZodType>(schema: T, request: RestRequest, signal: AbortSignal): Promise<z.output<T>>;
}

/** One answer out of a list. */
export interface RestPage {
  readonly items: readonly unknown[];
  /** The answer's entity tag, with its quotes. */
  readonly tag?: string;
  /** The request for the next page; undefined: this is the last one. */
  readonly next?: RestRequest;
}

/** More open pull requests between two branches than any repository has; a list without an end ends here. */
const maxPages = 100;

/**
 * @param api what is peculiar to the service
 * @throws WindlassError invalid-pipeline when `apiUrl` is not one
 */
export function createRestClient(api: RestApi, connection: RestConnection): RestClient {
  const address = parseApiUrl(connection.apiUrl, api.basePath);
  const baseUrl = address.href.replace(/\/$/, '');
  const target: CallTarget = { host: address.host, repository: connection.repository.path };

  const send: RestClient['send'] = async (request, signal) => {
    const url = new URL(request.url, `${baseUrl}/`);
    const items: unknown[] = [];
    for (let pages = 1; pages <= maxPages; pages++) {
      const answer = await exchange(api, connection, target, { ...request, url: url.href }, signal);
      const page = request.method === 'GET' ? api.paginate({ ...answer, query: url.search }) : undefined;
      if (page === undefined) return answer.data;
      items.push(...page.items);
      if (page.next === undefined) return items;
      url.search = page.next;
    }
    throw new WindlassError('request-refused', `${target.host} lists more than ${maxPages} pages.`);
  };
  const page: RestClient['page'] = async (request, signal, tag) => {
    const url = new URL(request.url, `${baseUrl}/`);
    const conditional = { ...request.headers, 'if-none-match': entityTag(tag) };
    const asked = { ...request, url: url.href, headers: conditional };
    const answer = await exchange(api, connection, target, asked, signal);
    if (answer.status === 304) return undefined;
    const listed = api.paginate({ ...answer, query: url.search });
    if (listed === undefined) throw notTheApi(target, 'something else than a list');
    const given = entityTag(answer.headers['etag']);
    if (listed.next !== undefined) url.search = listed.next;
    return {
      items: listed.items,
      ...(given === undefined ? {} : { tag: given }),
      ...(listed.next === undefined ? {} : { next: { ...request, url: url.href } }),
    };
  };
  const parse: RestClient['parse'] = (schema, data) => {
    const result = schema.safeParse(data);
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
    throw notTheApi(target, `an answer of another shape${where}`);
  };
  return {
    target,
    baseUrl,
    send,
    page,
    parse,
    request: async (schema, request, signal) => parse(schema, await send(request, signal)),
  };
}
