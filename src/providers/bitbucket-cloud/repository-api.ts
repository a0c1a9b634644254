import { WindlassError } from '../../domain/errors';
import { type RestClient, type RestRequest } from '../rest/rest-client';

/** As many items as every list gives at once: https://developer.atlassian.com/cloud/bitbucket/rest/intro/#pagination */
const pageLength = 50;

/** Parameters, some of them given several times. */
export type Query = Readonly<Record<string, string | readonly string[]>>;

/** The API of one repository. */
export interface RepositoryApi {
  readonly client: RestClient;
  readonly workspace: string;
  /** Its page, which every reader may open. */
  readonly page: string;
  /** @param path within the repository, encoded */
  readonly get: (path: string, query?: Query) => RestRequest;
  /** The first page of a list. */
  readonly list: (path: string, query: ListQuery) => RestRequest;
  readonly send: (method: 'POST' | 'PUT', path: string, body?: object) => RestRequest;
}

/** @throws WindlassError invalid-pipeline */
export function repositoryApi(client: RestClient, path: string): RepositoryApi {
  const [workspace = '', slug = '', ...rest] = path.split('/');
  // The API knows repositories by exactly two names; anything else would address another of its endpoints.
  if (![workspace, slug].every((part) => /^[\w.-]+$/.test(part) && !/^\.+$/.test(part)) || rest.length > 0) {
    throw new WindlassError(
      'invalid-pipeline',
      `pull-request.url is not that of a Bitbucket Cloud repository (https://bitbucket.org/WORKSPACE/REPOSITORY): ${path}.`,
    );
  }
  const root = `repositories/${workspace}/${slug}`;
  const get: RepositoryApi['get'] = (below, query = {}) => ({
    method: 'GET',
    url: `${root}/${below}${search(query)}`,
  });
  return {
    client,
    workspace,
    page: `https://bitbucket.org/${workspace}/${slug}`,
    get,
    list: (below, query) => get(below, listQuery(query)),
    send: (method, below, body) => ({
      method,
      url: `${root}/${below}`,
      ...(body === undefined ? {} : { body }),
    }),
  };
}

export type ListQuery = Query & { readonly fields: string };

/** The parameters of a list's first page; `fields` are those of its items. */
export function listQuery({ fields, ...query }: ListQuery): Query {
  const ofItems = fields.split(',').map((field) => `values.${field}`);
  return { ...query, pagelen: String(pageLength), fields: [...ofItems, 'next'].join(',') };
}

export function search(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, values] of Object.entries(query))
    for (const value of [values].flat()) parameters.append(name, value);
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}

/** A text in a query: https://developer.atlassian.com/cloud/bitbucket/rest/intro/#filtering */
export function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
