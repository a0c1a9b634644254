/** Addresses that were copied out of a browser: those of a page of the repository, which Git cannot fetch from. */
import { type ProviderType } from './pipeline';
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
  'bitbucket-server': before(new Set(['browse'])),
  'azure-devops': afterAzureName,
  gitea: (steps) => before(new Set(['src']))(steps.slice(0, -1)),
};

/** The repository ends where one of these follows, after at least a group and a name. */
function before(pages: ReadonlySet<string>): RepositoryEnd {
  return (steps) => {
    const index = steps.findIndex((step, at) => at >= 2 && pages.has(step));
    return index < 0 ? undefined : index;
  };
}

/** After `_git/NAME`; over SSH, after `v3/ORGANIZATION/PROJECT/NAME`. */
function afterAzureName(steps: readonly string[]): number | undefined {
  const at = steps.indexOf('_git');
  if (at >= 0) return at + 2;
  return steps[0] === 'v3' ? 4 : undefined;
}

/** Services whose repositories have an owner or a group. */
const owned: ReadonlySet<ProviderType> = new Set(['github', 'gitlab']);

/** @returns a sentence; undefined where the URL can be a repository's on that service */
export function repositoryPageFault(type: ProviderType, { path }: RepositoryUrl): string | undefined {
  const steps = path.split('/');
  if (owned.has(type) && steps.length < 2)
    return 'The repository URL names no repository: its path must be owner/name.';
  const end = ends[type]?.(steps) ?? steps.length;
  if (steps.length <= end) return undefined;
  return `The repository URL leads to a page and not to the repository: end it after ${steps.slice(0, end).join('/')}.`;
}
