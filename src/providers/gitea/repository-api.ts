import { type RestClient, type RestRequest } from '../rest/rest-client';

/** What Gitea gives at most on a page, unless its administrator allows more or less (`MAX_RESPONSE_ITEMS`). */
const pageSize = 50;

/** The API of one repository. */
export interface RepositoryApi {
  readonly client: RestClient;
  /** @param path below the repository, with its names encoded */
  readonly at: (method: string, path: string, body?: unknown) => RestRequest;
  readonly list: (path: string, query?: Readonly<Record<string, string>>) => RestRequest;
}

export function repositoryApi(
  client: RestClient,
  { owner, repository }: { readonly owner: string; readonly repository: string },
): RepositoryApi {
  const root = `repos/${encodeURIComponent(owner)}/${encodeURIComponent(repository)}`;
  const at: RepositoryApi['at'] = (method, path, body) => ({
    ...{ method, url: `${root}/${path}` },
    ...(body === undefined ? {} : { body }),
  });
  return {
    client,
    at,
    list: (path, query = {}) =>
      at('GET', `${path}?${new URLSearchParams({ ...query, limit: String(pageSize) }).toString()}`),
  };
}
