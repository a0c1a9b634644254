/** Where Azure DevOps has a repository: https://learn.microsoft.com/azure/devops/repos/git/clone lists its URLs. */
import { WindlassError } from '../../domain/errors';
import { type RepositoryUrl } from '../../domain/pipeline/repository-url';
import { webOrigin } from '../rest/api-address';

export interface AzureRepository {
  readonly project: string;
  readonly name: string;
  /** The page of the repository. */
  readonly webUrl: string;
}

interface Place {
  /** The URL of the organization, on a server that of the collection: the API is below it. */
  readonly root: string;
  /** Undefined: the repository that has the project's name, and no other in its URL. */
  readonly project: string | undefined;
  readonly name: string;
  readonly webUrl: string;
  /** The steps of an https path in front of `_git`. */
  readonly before: readonly string[];
}

const services = 'dev.azure.com';
/** The older name: each organization has a host of its own. */
const olderSuffix = '.visualstudio.com';
/** The organization that each SSH server's paths begin with, as its web address. */
const sshRoots: Readonly<Record<string, (organization: string) => string>> = {
  'ssh.dev.azure.com': (organization) => `https://${services}/${organization}`,
  'vs-ssh.visualstudio.com': (organization) => `https://${organization}${olderSuffix}`,
};

/** The API's base URL. @throws WindlassError invalid-pipeline */
export function apiUrlFor(repository: RepositoryUrl): string {
  return placeOf(repository).root;
}

/**
 * @param apiUrl of the organization or collection: it tells where the project begins below a server's context path
 * @throws WindlassError invalid-pipeline
 */
export function azureRepositoryAt(repository: RepositoryUrl, apiUrl: string): AzureRepository {
  const { project, name, webUrl, before } = placeOf(repository);
  const root = stepsOf(decodedPath(apiUrl));
  const isBelow = root.length > 0 && root.every((step, index) => same(step, before[index]));
  const own = isBelow ? before[root.length] : project;
  return { project: own ?? name, name, webUrl };
}

/** The service refuses URLs that end with `.git`. */
export function gitUrlFor(repository: RepositoryUrl): RepositoryUrl {
  if (repository.protocol === 'ssh') return repository;
  return { ...repository, href: repository.href.replace(/\/*$/, '').replace(/\.git$/, '') };
}

/** Where people and teams are looked up: https://learn.microsoft.com/rest/api/azure/devops/ims/identities/read-identities */
export function identitiesUrlFor(apiUrl: string): string {
  const url = new URL(apiUrl);
  if (url.host === services) url.host = `vssps.${services}`;
  else if (url.host.endsWith(olderSuffix)) {
    url.host = `${url.host.slice(0, -olderSuffix.length)}.vssps${olderSuffix}`;
    // Its organization is in the host's name alone.
    url.pathname = '';
  }
  return url.href.replace(/\/$/, '');
}

/** @throws WindlassError invalid-pipeline */
export function otherHosts(repository: RepositoryUrl): readonly string[] {
  return [new URL(identitiesUrlFor(apiUrlFor(repository))).host];
}

function placeOf(repository: RepositoryUrl): Place {
  const isServices = repository.protocol === 'ssh' && Object.hasOwn(sshRoots, repository.host);
  const place = isServices ? sshPlace : webPlace;
  const found = place(repository);
  if (found !== undefined) return found;
  throw new WindlassError(
    'invalid-pipeline',
    `pull-request.url is not that of an Azure DevOps repository, organization/project/_git/name: ${repository.path}.`,
  );
}

/** `v3/organization/project/name` */
function sshPlace({ host, path }: RepositoryUrl): Place | undefined {
  const [version, organization, project, name, ...rest] = path.split('/');
  const rootOf = sshRoots[host];
  if (version !== 'v3' || organization === undefined || project === undefined) return undefined;
  if (name === undefined || rest.length > 0 || rootOf === undefined) return undefined;
  const root = rootOf(encodeURIComponent(organization));
  return { root, project, name, webUrl: `${root}/${pathOf([project, '_git', name])}`, before: [] };
}

/** `…/organization/project/_git/name`, also over the SSH server of an Azure DevOps Server. */
function webPlace(repository: RepositoryUrl): Place | undefined {
  const steps = repository.path.split('/');
  const at = steps.indexOf('_git');
  const name = steps[at + 1];
  if (at < 0 || name === undefined || steps.length > at + 2) return undefined;
  const before = steps.slice(0, at);
  const length = rootLength(repository.host, before);
  const isPlace = before.length === length || before.length === length + 1;
  if (!isPlace) return undefined;
  const origin = webOrigin(repository);
  return {
    root: [origin, ...before.slice(0, length).map(encodeURIComponent)].join('/'),
    project: before[length],
    name,
    webUrl: `${origin}/${pathOf(steps)}`,
    before,
  };
}

/** How many of the steps in front of `_git` name the organization or collection; the next one is the project. */
function rootLength(host: string, before: readonly string[]): number {
  const [first] = before;
  if (host.endsWith(olderSuffix)) return same('DefaultCollection', first) ? 1 : 0;
  if (host === services) return 1;
  // A server: at the root of its host, below `tfs`, or below another context path.
  return same('tfs', first) ? 2 : Math.max(1, before.length - 1);
}

/** Azure DevOps does not distinguish upper and lower case. */
function same(left: string, right: string | undefined): boolean {
  return left.toLowerCase() === right?.toLowerCase();
}

function decodedPath(apiUrl: string): string {
  try {
    return decodeURIComponent(new URL(apiUrl).pathname);
  } catch {
    throw new WindlassError(
      'invalid-pipeline',
      'pull-request.apiUrl is not a URL, or has a `%` that encodes nothing.',
    );
  }
}

function stepsOf(path: string): readonly string[] {
  return path.split('/').filter((step) => step !== '');
}

function pathOf(steps: readonly string[]): string {
  return steps.map(encodeURIComponent).join('/');
}
