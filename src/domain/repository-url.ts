import { WindlassError } from './errors';

export interface RepositoryUrl {
  readonly protocol: 'https' | 'http' | 'ssh';
  /** Lower case, without port. */
  readonly host: string;
  readonly port?: number;
  /** For ssh: who logs in; `git` where the URL names nobody. */
  readonly sshUser?: string;
  /** Without leading and trailing slash and without `.git`: `owner/name`, or more levels. */
  readonly path: string;
  /** The URL as git takes it; scp-like URLs become `ssh://`. */
  readonly href: string;
}

const scpLike = /^(?:([A-Za-z0-9._-]+)@)?([A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\]):(?!\/\/)(.+)$/;

/**
 * Parses a repository's URL: https, http, ssh or scp-like (`git@host:owner/name.git`).
 * @throws WindlassError invalid-pipeline, for anything else and for a URL that carries a password or a token
 */
export function parseRepositoryUrl(text: string): RepositoryUrl {
  const scp = text.includes('://') ? null : scpLike.exec(text);
  const candidate = scp === null ? text : `ssh://${scp[1] ?? 'git'}@${scp[2] ?? ''}/${(scp[3] ?? '').replace(/^\/+/, '')}`;
  let url: URL;
  try {
    url = new URL(candidate);
  } catch {
    throw new WindlassError('invalid-pipeline', 'The repository URL cannot be parsed: use https, ssh or git@host:path.');
  }
  const protocol = url.protocol.slice(0, -1);
  if (protocol !== 'https' && protocol !== 'http' && protocol !== 'ssh') {
    throw new WindlassError('invalid-pipeline', `The repository URL has the scheme ${protocol}: use https or ssh.`);
  }
  if (url.password !== '' || (protocol !== 'ssh' && url.username !== '')) {
    throw new WindlassError(
      'invalid-pipeline',
      'The repository URL carries credentials: put them into the Secret of pull-request.secretRef.',
    );
  }
  if (url.search !== '' || url.hash !== '') {
    throw new WindlassError('invalid-pipeline', 'The repository URL has a query or a fragment: remove it.');
  }
  const path = decodePath(url.pathname).replace(/^\/+|\/+$/g, '').replace(/\.git$/, '');
  if (url.hostname === '' || path === '') {
    throw new WindlassError('invalid-pipeline', 'The repository URL lacks a host or a path.');
  }
  return {
    protocol,
    host: url.hostname.toLowerCase(),
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    ...(protocol === 'ssh' ? { sshUser: url.username === '' ? 'git' : url.username } : {}),
    path,
    href: url.href,
  };
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
