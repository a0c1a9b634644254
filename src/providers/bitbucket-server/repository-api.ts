import { type RestClient, type RestRequest } from '../rest/rest-client';
import { type BitbucketName } from './repository';

/** What a request for a repository is besides its method and path. */
interface Asked {
  /** Which of Bitbucket's APIs; absent: the main one. */
  readonly of?: 'api' | 'branch-utils' | 'required-builds';
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The API for one repository. */
export interface RepositoryApi extends BitbucketName {
  readonly client: RestClient;
  /** @param path below the repository, encoded */
  readonly route: (method: string, path: string, asked?: Asked) => RestRequest;
  /** The repository's page, without a slash at its end. */
  readonly page: string;
}

export function repositoryApi(client: RestClient, { project, slug }: BitbucketName): RepositoryApi {
  const name = `projects/${encodeURIComponent(project)}/repos/${encodeURIComponent(slug)}`;
  return {
    ...{ client, project, slug },
    route: (method, path, { of = 'api', query, body } = {}) => ({
      method,
      url: `${of}/latest/${name}/${path}${query === undefined ? '' : `?${new URLSearchParams(query).toString()}`}`,
      ...(body === undefined ? {} : { body }),
    }),
    page: `${client.baseUrl.replace(/\/rest$/, '')}/${name}`,
  };
}
