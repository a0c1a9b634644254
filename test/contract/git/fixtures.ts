import { mkdtempSync, rmSync } from 'node:fs';
import { type ServerOptions } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Credentials, type CredentialsReference } from '../../../src/domain/credentials';
import { type Identity } from '../../../src/domain/promotion/commit-style';
import { parseRepositoryUrl } from '../../../src/domain/pipeline/repository-url';
import { type GitRemote, type Repository } from '../../../src/git/repository';
import { type RepositoryCacheOptions } from '../../../src/git/cache/repository-cache';
import { basicAuthorization, type GitHttpServer, startGitHttpServer } from '../../support/git-http-server';
import { commitFiles } from '../../support/git-repository';

export const token = {
  basic: { username: 'git', password: 'canary-7f3e9a' },
  authorization: basicAuthorization('git', 'canary-7f3e9a'),
};

/** A repository on a Git server that lets the usual token in, and an empty directory. */
export interface ServedRepository {
  readonly server: GitHttpServer;
  /** The bare repository's directory; `remoteOf(server)` is its address. */
  readonly bare: string;
  readonly directory: string;
  close(): Promise<void>;
}

export async function serveRepository(
  files: Readonly<Record<string, string>> = {},
  tls?: ServerOptions,
): Promise<ServedRepository> {
  const server = await startGitHttpServer(tls);
  server.accepted.add(token.authorization);
  const bare = server.createRepository('team/config');
  if (Object.keys(files).length > 0) commitFiles(bare, 'main', files);
  const directory = mkdtempSync(join(tmpdir(), 'contract-git-'));
  return {
    server,
    bare,
    directory,
    async close() {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export const branches = { base: 'main', promotion: 'promotion-ns-app-staging' };

export function cacheOptions(directory: string): RepositoryCacheOptions {
  return {
    directory,
    maxBytes: 1_000_000_000,
    maxRepositoryBytes: 100_000_000,
    credentials: (reference) => Promise.resolve({ tls: {}, token: '', ...secrets.get(nameOf(reference)) }),
    allowPlainHttp: false,
    addressesOf: () => Promise.resolve([]),
    environment: { PATH: process.env['PATH'] },
  };
}

type Login = Omit<Credentials, 'tls' | 'token'> & Partial<Pick<Credentials, 'tls'>>;

/** What the Secrets hold, by `namespace/name`. */
const secrets = new Map<string, Login>();
const nameOf = ({ namespace, secretName }: CredentialsReference): string => `${namespace}/${secretName}`;

/** A repository whose Secret, `ns/git`, holds this login from now on. */
export function remoteAt(url: string, login: Login = { basic: token.basic }, secretName = 'git'): GitRemote {
  const credentials = { namespace: 'ns', secretName, provider: 'github', hosts: [] } as const;
  secrets.set(nameOf(credentials), login);
  return { url: parseRepositoryUrl(url), credentials, serverRefusals: [] };
}

export function remoteOf(server: GitHttpServer, login?: Login, name = 'team/config'): GitRemote {
  return remoteAt(`${server.url}/${name}.git`, login);
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
  { push = true, author: by = author }: { push?: boolean; author?: Identity } = {},
): Promise<string> {
  const { base, promotion } = repository.heads;
  const files = await repository.filesContaining(base, 'ns:app:staging');
  const commit = await repository.createCommit({
    parent: base,
    edits: files.map(({ path }) => ({ path, content: Buffer.from(marked(version)) })),
    message: `Promote ${version}`,
    author: by,
    at: Date.UTC(2026, 10, 23, 12),
  });
  if (push) await repository.push(commit.id, promotion);
  return commit.id;
}
