import { type ApiCredentials } from '../../../../src/domain/credentials';
import { parseRepositoryUrl } from '../../../../src/domain/pipeline/repository-url';
import { bitbucketCloud } from '../../../../src/providers/bitbucket-cloud';
import { type PullRequestProvider } from '../../../../src/providers/port';

export interface Asked {
  readonly method: string;
  /** Within the repository; of anything else, the whole path. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly authorization: string;
  readonly url: string;
}

interface Scripted {
  readonly provider: PullRequestProvider;
  readonly asked: readonly Asked[];
}

/** The provider, on a service that answers as it is told. */
export function scriptedCloud(
  answer: (asked: Asked) => Response | object,
  options: {
    readonly url?: string;
    readonly apiUrl?: string;
    readonly credentials?: ApiCredentials;
  } = {},
): Scripted {
  const asked: Asked[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const { pathname, searchParams } = new URL(request.url);
    const text = await request.text();
    const one = {
      ...{ method: request.method, query: searchParams, url: request.url },
      path: pathname.replace(/^\/2\.0\/repositories\/[^/]+\/[^/]+\//, ''),
      body: text === '' ? undefined : (JSON.parse(text) as unknown),
      authorization: request.headers.get('authorization') ?? '',
    };
    asked.push(one);
    const given = answer(one);
    return given instanceof Response ? given : Response.json(given);
  };
  const { url = 'https://bitbucket.org/acme/apps', apiUrl, credentials = { token: 'token' } } = options;
  const provider = bitbucketCloud.connect({
    repository: parseRepositoryUrl(url),
    ...(apiUrl === undefined ? {} : { apiUrl }),
    access: () => Promise.resolve({ ...credentials, outbound: { fetch } }),
  });
  return { provider, asked };
}

export const sha = 'a'.repeat(40);

/** A pull request of the branch `promotion`, as the API has it. */
export function pullRequest(fields: object = {}): object {
  const repository = { full_name: 'acme/apps' };
  const end = (name: string) => ({ branch: { name }, commit: { hash: sha.slice(0, 12) }, repository });
  return {
    ...{ id: 1, title: 't', description: 'd', state: 'OPEN', updated_on: '2026-11-20T12:00:00+00:00' },
    ...{ source: end('promotion'), destination: end('main') },
    links: { html: { href: 'https://bitbucket.org/acme/apps/pull-requests/1' } },
    ...fields,
  };
}

export function refusal(status: number, message: string, rest: object = {}): Response {
  return Response.json({ type: 'error', error: { message, ...rest } }, { status });
}
