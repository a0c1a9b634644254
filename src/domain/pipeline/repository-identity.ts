import { type RepositoryUrl } from './repository-url';

/** Hosts with the repositories of another one: over ssh for networks without port 22, or by a redirection. */
const sameHosts: Readonly<Record<string, string>> = {
  'www.github.com': 'github.com',
  'ssh.github.com': 'github.com',
  'altssh.gitlab.com': 'gitlab.com',
  'www.bitbucket.org': 'bitbucket.org',
  'altssh.bitbucket.org': 'bitbucket.org',
};

/** Of the services; a server's SSH has the paths of its pages. */
export const azureSshHosts: ReadonlySet<string> = new Set(['ssh.dev.azure.com', 'vs-ssh.visualstudio.com']);

/**
 * Returns one text for all spellings of a repository's URL: https or ssh, with any port, in upper or lower case, which the
 * services do not distinguish.
 */
export function repositoryIdentity(url: RepositoryUrl): string {
  const { host, path } = withAzureOrganization(url);
  return `${sameHosts[host] ?? host}/${withoutBitbucketPage(path).toLowerCase()}`;
}

/** Azure DevOps has an organization at two web addresses and at two for SSH, and a collection that can be left out. */
function withAzureOrganization({
  host,
  path,
}: Pick<RepositoryUrl, 'host' | 'path'>): Pick<RepositoryUrl, 'host' | 'path'> {
  const azure = 'dev.azure.com';
  const [, organization, project, name] = /^v3\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  if (azureSshHosts.has(host) && name !== undefined)
    return { host: azure, path: inProject(`${organization}/${project}/_git/${name}`) };
  const older = /^([^.]+)\.visualstudio\.com$/.exec(host)?.[1];
  if (older !== undefined)
    return { host: azure, path: inProject(`${older}/${path.replace(/^DefaultCollection\//i, '')}`) };
  return host === azure ? { host, path: inProject(path) } : { host, path };
}

/** A project's name can be left out where its repository has the same. */
function inProject(path: string): string {
  return path.replace(/^([^/]+)\/_git\/([^/]+)$/, '$1/$2/_git/$2');
}

/**
 * Bitbucket Data Center has a repository at `scm/KEY/NAME`, at two pages, all three below a path of the host, and over SSH at
 * `KEY/NAME`. A user's project has the key `~USER`.
 */
function withoutBitbucketPage(path: string): string {
  return path
    .replace(/^(?:.*\/)?scm\/((?!_git\/)[^/]+\/[^/]+)$/i, '$1')
    .replace(/^(?:.*\/)?projects\/([^/]+)\/repos\/([^/]+)$/i, '$1/$2')
    .replace(/^(?:.*\/)?users\/([^/]+)\/repos\/([^/]+)$/i, '~$1/$2');
}
