import { parseRepositoryUrl } from '../../src/domain/pipeline/repository-url';
import { type Outbound } from '../../src/http/outbound/outbound';
import { github } from '../../src/providers/github';
import { type ApiAccess, type ProviderModule, type PullRequestProvider } from '../../src/providers/port';

/** Access with one token for ever. */
export function accessWith(token: string, outbound: Outbound): ApiAccess {
  return () => Promise.resolve({ token, outbound });
}

/** A provider whose service answers by method and path; without the API's own beginning. */
export function scripted(
  module: ProviderModule,
  answer: (method: string, path: string) => Response,
  url = 'https://git.example.com/acme/apps',
): { readonly provider: PullRequestProvider; readonly asked: readonly string[] } {
  const asked: string[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const path = new URL(request.url).pathname.replace(
      /^.*\/(repos\/acme\/apps|acme%2Fapps|projects\/ACME\/repos\/apps)/,
      '',
    );
    asked.push(`${request.method} ${path} ${await request.text()}`.trim());
    return answer(request.method, path);
  };
  const repository = parseRepositoryUrl(url);
  return { provider: module.connect({ repository, access: accessWith('token', { fetch }) }), asked };
}

/** A provider whose service always gives this answer. */
export function answering(module: ProviderModule, status: number, body: unknown): PullRequestProvider {
  return module.connect({
    repository: parseRepositoryUrl('https://git.example.com/acme/apps'),
    access: accessWith('token', { fetch: () => Promise.resolve(Response.json(body, { status })) }),
  });
}

/** A provider that is not asked for anything but its answers here. */
export function providerModule(connect: ProviderModule['connect']): ProviderModule {
  return {
    type: 'github',
    features: github.features,
    gitAccess: ({ token }) => ({ basic: { username: 'x', password: token } }),
    serverRefusals: [],
    apiUrlFor: () => 'https://api.git.example.com',
    connect,
  };
}
