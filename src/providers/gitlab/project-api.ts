import { type z } from 'zod';
import { type RestClient, type RestRequest } from '../rest/rest-client';
import { gitbeakerOver, type GitlabResources } from './gitbeaker';

/** The API of one project. */
export interface ProjectApi {
  readonly client: RestClient;
  /** The project's path. */
  readonly project: string;
  /** One call by gitbeaker, with the fields that are needed of its answer. */
  readonly request: <T extends z.ZodType>(
    schema: T,
    signal: AbortSignal,
    call: (gitlab: GitlabResources) => Promise<unknown>,
  ) => Promise<z.output<T>>;
  /** A request of our own for what gitbeaker cannot ask: it keeps an answer's headers to itself, and knows no pages here. */
  readonly get: (path: string, query: Readonly<Record<string, string>>) => RestRequest;
}

export function projectApi(client: RestClient, project: string): ProjectApi {
  const root = `projects/${encodeURIComponent(project)}`;
  return {
    client,
    project,
    request: async (schema, signal, call) => client.parse(schema, await call(gitbeakerOver(client, signal))),
    get: (path, query) => ({
      method: 'GET',
      url: `${root}/${path}?${new URLSearchParams(query).toString()}`,
    }),
  };
}
