import { type RestClient, type RestRequest } from '../rest/rest-client';
import { type AzureRepository } from './address';

/**
 * The oldest that has all that is needed, which Azure DevOps Server 2022 and Azure DevOps Services both speak:
 * https://learn.microsoft.com/azure/devops/integrate/concepts/rest-api-versioning
 */
const version = '7.0';
/** What never became final in it. */
const preview = '7.0-preview.1';

/** Otherwise a wrong token is redirected to the page on which people sign in, as Microsoft's own clients know. */
const headers = { 'x-tfs-fedauthredirect': 'Suppress' };

type Query = Readonly<Record<string, string | number>>;

/** The API of one repository. */
export interface RepositoryApi {
  readonly client: RestClient;
  readonly repository: AzureRepository;
  /** A request below the repository. */
  readonly git: (method: string, path: string, query?: Query, body?: unknown) => RestRequest;
  /** A request below the project. */
  readonly ofProject: (path: string, query?: Query, isPreview?: boolean) => RestRequest;
  /** A request below the organization, or at another base URL. */
  readonly ofOrganization: (
    path: string,
    query?: Query,
    isPreview?: boolean,
    baseUrl?: string,
  ) => RestRequest;
}

export function repositoryApi(client: RestClient, repository: AzureRepository): RepositoryApi {
  const project = `${client.baseUrl}/${encodeURIComponent(repository.project)}/_apis`;
  const root = `${project}/git/repositories/${encodeURIComponent(repository.name)}`;
  return {
    client,
    repository,
    git: (method, path, query = {}, body?) => ({
      ...{ method, headers, url: `${root}${path === '' ? '' : `/${path}`}?${queryOf(query, version)}` },
      ...(body === undefined ? {} : { body }),
    }),
    ofProject: (path, query = {}, isPreview = false) => ({
      ...{ method: 'GET', headers },
      url: `${project}/${path}?${queryOf(query, isPreview ? preview : version)}`,
    }),
    ofOrganization: (path, query = {}, isPreview = false, baseUrl = client.baseUrl) => ({
      ...{ method: 'GET', headers },
      url: `${baseUrl}/_apis/${path}?${queryOf(query, isPreview ? preview : version)}`,
    }),
  };
}

function queryOf(query: Query, apiVersion: string): string {
  const entries = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
  return new URLSearchParams([...entries, ['api-version', apiVersion]]).toString();
}
