import { type Credentials } from '../../../src/domain/credentials';
import { parseRepositoryUrl } from '../../../src/domain/pipeline/repository-url';
import { type GitRemote, type Repository } from '../../../src/git/repository';
import { type RepositoryCacheOptions } from '../../../src/git/cache/repository-cache';
import { basicAuthorization, type GitHttpServer } from '../../support/git-http-server';

export const token = {
  basic: { username: 'git', password: 'canary-7f3e9a' },
  authorization: basicAuthorization('git', 'canary-7f3e9a'),
};

export const branches = { base: 'main', promotion: 'promotion-ns-app-staging' };

export function cacheOptions(directory: string): RepositoryCacheOptions {
  return {
    directory,
    maxBytes: 1_000_000_000,
    allowPlainHttp: false,
    isForbiddenHost: () => false,
    environment: { PATH: process.env['PATH'] },
  };
}

type Login = Omit<Credentials, 'tls'>;

export function remoteAt(url: string, credentials: Login = { basic: token.basic }): GitRemote {
  return { url: parseRepositoryUrl(url), credentials: { tls: {}, ...credentials }, cacheKey: 'ns/git' };
}

export function remoteOf(server: GitHttpServer, credentials?: Login, name = 'team/config'): GitRemote {
  return remoteAt(`${server.url}/${name}.git`, credentials);
}

/** A signal that nobody aborts. */
export function signal(): AbortSignal {
  return new AbortController().signal;
}

export const author = { name: 'Windlass', email: 'windlass@example.com' };

export function marked(version: string): string {
  return `version: ${version} # {"$promotion": "ns:app:staging"}\n`;
}

/** Sets the version in every marked file of the base and pushes the commit over whatever the branch holds. */
export async function promote(
  repository: Repository,
  version: string,
  { push = true }: { push?: boolean } = {},
): Promise<string> {
  const { base, promotion } = repository.heads;
  const files = await repository.filesContaining(base, 'ns:app:staging');
  const commit = await repository.createCommit({
    parent: base,
    edits: files.map(({ path }) => ({ path, content: Buffer.from(marked(version)) })),
    message: `Promote ${version}`,
    author,
    at: Date.UTC(2026, 10, 23, 12),
  });
  if (push) await repository.push(commit.id, promotion);
  return commit.id;
}
