import { Commits, MergeRequestNotes, MergeRequests, MergeTrains, Projects, Users } from '@gitbeaker/rest';
import { type RestClient } from '../rest/rest-client';

type RequesterFactory = NonNullable<ConstructorParameters<typeof MergeRequests>[0]['requesterFn']>;
type Requester = ReturnType<RequesterFactory>;
type RequestOptions = Parameters<Requester['get']>[1];

/** The parts of GitLab's API that promotions use. */
export interface GitlabResources {
  readonly mergeRequests: MergeRequests;
  readonly mergeTrains: MergeTrains;
  readonly notes: MergeRequestNotes;
  readonly commits: Commits;
  readonly projects: Projects;
  readonly users: Users;
}

/** gitbeaker over our own client. It takes no signal for a call, so each call has resources of its own. */
export function gitbeakerOver(client: RestClient, signal: AbortSignal): GitlabResources {
  const options = {
    // gitbeaker adds the rest.
    host: client.baseUrl.replace(/\/api\/v4$/, ''),
    // The token is the client's own business; gitbeaker wants to be given one.
    oauthToken: '',
    queryTimeout: null,
    requesterFn: requesterOver(client, signal),
  };
  return {
    mergeRequests: new MergeRequests(options),
    mergeTrains: new MergeTrains(options),
    notes: new MergeRequestNotes(options),
    commits: new Commits(options),
    projects: new Projects(options),
    users: new Users(options),
  };
}

/**
 * gitbeaker's escape hatch: its own requester has ten silent attempts, a rate limiter that waits for minutes, and no way
 * to cancel.
 */
function requesterOver(client: RestClient, signal: AbortSignal): RequesterFactory {
  const exchange =
    (base: string, method: string): Requester['get'] =>
    async (endpoint: string, options: RequestOptions) => {
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries(options?.searchParams ?? {}))
        query.set(snakeCase(name), String(value));
      const body = options?.body === undefined ? {} : { body: snakeCaseKeys(options.body) };
      const url = `${base.replace(/\/+$/, '')}/${endpoint}${query.size === 0 ? '' : `?${query.toString()}`}`;
      const data = await client.send({ method, url, ...body }, signal);
      // `never` because gitbeaker's types promise a shape: the schema of the caller finds out.
      // No headers, hence no `link`: the client has joined the pages already.
      return { body: data as never, headers: {}, status: 200 };
    };
  return ({ url }) => ({
    get: exchange(url, 'GET'),
    post: exchange(url, 'POST'),
    put: exchange(url, 'PUT'),
    patch: exchange(url, 'PATCH'),
    delete: exchange(url, 'DELETE'),
  });
}

function snakeCaseKeys(body: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [snakeCase(name), value]));
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
