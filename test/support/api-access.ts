import { parseRepositoryUrl } from '../../src/domain/pipeline/repository-url';
import { type Outbound } from '../../src/http/outbound/outbound';
import { type ApiAccess, type ProviderModule, type PullRequestProvider } from '../../src/providers/port';

/** Access with one token for ever. */
export function accessWith(token: string, outbound: Outbound): ApiAccess {
  return () => Promise.resolve({ token, outbound });
}

/** A provider whose service always gives this answer. */
export function answering(module: ProviderModule, status: number, body: unknown): PullRequestProvider {
  return module.connect({
    repository: parseRepositoryUrl('https://git.example.com/acme/apps'),
    access: accessWith('token', { fetch: () => Promise.resolve(Response.json(body, { status })) }),
  });
}
