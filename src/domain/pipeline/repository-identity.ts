import { type RepositoryUrl } from './repository-url';

/** Hosts with the repositories of another one: over ssh for networks without port 22, or by a redirection. */
const sameHosts: Readonly<Record<string, string>> = {
  'www.github.com': 'github.com',
  'ssh.github.com': 'github.com',
  'altssh.gitlab.com': 'gitlab.com',
  'www.bitbucket.org': 'bitbucket.org',
  'altssh.bitbucket.org': 'bitbucket.org',
};

/**
 * Returns one text for all spellings of a repository's URL: https or ssh, with any port, in upper or lower case, which
 * GitHub, GitLab and Bitbucket do not distinguish.
 */
export function repositoryIdentity({ host, path }: RepositoryUrl): string {
  return `${sameHosts[host] ?? host}/${path.toLowerCase()}`;
}
