/** Addresses that were copied out of a browser: those of a page of the repository, which Git cannot fetch from. */
import { type ProviderType } from './pipeline';
import { azureSshHosts } from './repository-identity';
import { type RepositoryUrl } from './repository-url';

/**
 * Where a repository's path ends on a service.
 * @param steps of the URL's path
 * @returns the number of steps; undefined where all of them may be the repository's
 */
type RepositoryEnd = (steps: readonly string[]) => number | undefined;

const ends: Readonly<Partial<Record<ProviderType, RepositoryEnd>>> = {
  github: () => 2,
  // https://docs.gitlab.com/user/reserved_names/: no project has such a name.
  gitlab: before(new Set(['-', 'blame', 'blob', 'commits', 'raw', 'tree'])),
  'bitbucket-cloud': () => 2,
  'bitbucket-server': afterBitbucketName,
  'azure-devops': afterAzureName,
  // No user of Gitea can have these names but src, which leads to files.
  gitea: (steps) => before(new Set(['src', 'commits', 'issues', 'pulls', 'raw']))(steps.slice(0, -1)),
};

/** The repository ends where one of these follows, after at least a group and a name. */
function before(pages: ReadonlySet<string>): RepositoryEnd {
  return (steps) => {
    const index = steps.findIndex((step, at) => at >= 2 && pages.has(step));
    return index < 0 ? undefined : index;
  };
}

/** After `projects/KEY/repos/NAME` or `users/NAME/repos/NAME`, which are pages, and `scm/KEY/NAME`, which Git knows. */
function afterBitbucketName(steps: readonly string[]): number | undefined {
  const page = steps.findIndex(
    (step, at) => ['projects', 'users'].includes(step) && steps[at + 2] === 'repos' && at + 3 < steps.length,
  );
  if (page >= 0) return page + 4;
  const clone = steps.findIndex((step, at) => step === 'scm' && at + 2 < steps.length);
  return clone < 0 ? undefined : clone + 3;
}

/** After `_git/NAME`; over SSH, after `v3/ORGANIZATION/PROJECT/NAME`. */
function afterAzureName(steps: readonly string[]): number | undefined {
  const at = steps.indexOf('_git');
  if (at >= 0) return at + 2;
  return steps[0] === 'v3' ? 4 : undefined;
}

/** @returns what a repository's path must be; undefined where it can be one */
type PathRule = (repository: RepositoryUrl, steps: readonly string[]) => string | undefined;

/** Services whose repositories have an owner or a group. */
const ownerAndName: PathRule = (_repository, steps) => (steps.length < 2 ? 'owner/name' : undefined);

const rules: Readonly<Partial<Record<ProviderType, PathRule>>> = {
  github: ownerAndName,
  gitlab: ownerAndName,
  'bitbucket-cloud': ownerAndName,
  gitea: ownerAndName,
  'bitbucket-server': ({ protocol }, steps) => {
    if (protocol === 'ssh') return steps.length === 2 ? undefined : 'PROJECT/NAME';
    return afterBitbucketName(steps) === undefined ? 'scm/PROJECT/NAME' : undefined;
  },
  'azure-devops': ({ host }, steps) => {
    if (azureSshHosts.has(host))
      return steps[0] === 'v3' && steps.length > 3 ? undefined : 'v3/organization/project/name';
    // At the organization's own host, or with a name that is the project's, nothing but `_git` and a name is certain.
    const at = steps.indexOf('_git');
    return at >= 0 && at + 1 < steps.length ? undefined : 'organization/project/_git/name';
  },
};

/** @returns a sentence; undefined where the URL can be a repository's on that service */
export function repositoryPageFault(type: ProviderType, repository: RepositoryUrl): string | undefined {
  const steps = repository.path.split('/');
  const rule = rules[type]?.(repository, steps);
  if (rule !== undefined) return `The repository URL names no repository: its path must be ${rule}.`;
  const end = ends[type]?.(steps) ?? steps.length;
  if (steps.length <= end) return undefined;
  return `The repository URL leads to a page and not to the repository: end it after ${steps.slice(0, end).join('/')}.`;
}
