import { WindlassError } from '../../domain/errors';
import { type RepositoryUrl } from '../../domain/pipeline/repository-url';
import { webOrigin } from '../rest/api-address';

/** A repository as Bitbucket's API names it. */
export interface BitbucketName {
  /** The project's key: `APPS`, or `~name` for the personal project of a user. */
  readonly project: string;
  readonly slug: string;
}

/** Where a repository is, on a server that may have Bitbucket below a path. */
interface Place extends BitbucketName {
  /** The path below which Bitbucket is: empty, or `/bitbucket`. */
  readonly root: string;
}

const plain = /^(?!\.+$)[\w.-]+$/;
const projectKey = /^~?(?!\.+$)[\w.-]+$/;

/** @throws WindlassError invalid-pipeline */
export function bitbucketNameOf(repository: RepositoryUrl): BitbucketName {
  const place = placeOf(repository);
  if (place !== undefined) return { project: place.project, slug: place.slug };
  throw new WindlassError(
    'invalid-pipeline',
    `pull-request.url is not that of a Bitbucket Data Center repository: ${repository.path}. Use https://HOST/scm/PROJECT/NAME.git or ssh://git@HOST:PORT/PROJECT/NAME.git.`,
  );
}

/** Git knows the repository only below `/scm`: a page of it becomes the address that its "Clone" button shows. */
export function gitUrlFor(repository: RepositoryUrl): RepositoryUrl {
  const place = placeOf(repository);
  if (repository.protocol === 'ssh' || place === undefined) return repository;
  const steps = ['scm', place.project, place.slug].map(encodeURIComponent).join('/');
  return { ...repository, href: `${webOrigin(repository)}${place.root}/${steps}.git` };
}

/** The part of the API's URL that all of Bitbucket's APIs share. ssh does not know the path below which Bitbucket is. */
export function apiUrlFor(repository: RepositoryUrl): string {
  return `${webOrigin(repository)}${placeOf(repository)?.root ?? ''}/rest`;
}

/**
 * `[ROOT/]scm/KEY/NAME`, `[ROOT/]projects/KEY/repos/NAME` and `[ROOT/]users/USER/repos/NAME`; over ssh `KEY/NAME`.
 * https://confluence.atlassian.com/bitbucketserver/clone-a-repository-790632786.html
 */
function placeOf({ protocol, path }: RepositoryUrl): Place | undefined {
  const steps = path.split('/');
  const page = steps.findIndex(
    (step, at) =>
      ['projects', 'users'].includes(step) && at === steps.length - 4 && steps[at + 2] === 'repos',
  );
  if (page >= 0) {
    const owner = steps[page + 1] ?? '';
    return named(steps.slice(0, page), steps[page] === 'users' ? `~${owner}` : owner, steps[page + 3]);
  }
  const clone = steps.length - 3;
  if (steps[clone] === 'scm') return named(steps.slice(0, clone), steps[clone + 1], steps[clone + 2]);
  return protocol === 'ssh' && steps.length === 2 ? named([], steps[0], steps[1]) : undefined;
}

function named(root: readonly string[], project = '', slug = ''): Place | undefined {
  if (!projectKey.test(project) || !plain.test(slug)) return undefined;
  return { root: root.map((step) => `/${encodeURIComponent(step)}`).join(''), project, slug };
}
