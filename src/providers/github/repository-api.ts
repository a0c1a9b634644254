import { Octokit } from '@octokit/rest';
import { type RestClient } from '../rest/rest-client';

/** Octokit knows GitHub's routes and their parameters, as types; what it makes of them is sent by our own client. */
const { endpoint } = new Octokit().request;

/** The API of one repository. */
export interface RepositoryApi {
  readonly client: RestClient;
  readonly route: typeof endpoint;
  /** What routes call it. */
  readonly name: { readonly owner: string; readonly repo: string };
}

export function repositoryApi(client: RestClient, name: RepositoryApi['name']): RepositoryApi {
  return { client, route: endpoint.defaults({ baseUrl: client.baseUrl }), name };
}
