import { WindlassError } from '../../domain/errors';
import { type RepositoryUrl } from '../../domain/pipeline/repository-url';

/** Where a repository is: Gitea itself can be below a path of its host (`ROOT_URL`), of which SSH knows nothing. */
export interface RepositoryPlace {
  /** Begins with a slash; empty where Gitea is at the root. */
  readonly below: string;
  readonly owner: string;
  readonly repository: string;
}

/**
 * The last two steps of the path are the repository's.
 * @throws WindlassError invalid-pipeline
 */
export function placeOf({ path, protocol }: RepositoryUrl): RepositoryPlace {
  const steps = path.split('/');
  const [owner = '', repository = ''] = steps.slice(-2);
  // https://github.com/go-gitea/gitea/blob/v1.26.0/modules/validation/helpers.go
  const areNames = [owner, repository].every((name) => /^[\w.-]+$/.test(name) && !/^\.+$/.test(name));
  if (steps.length < 2 || !areNames || (protocol === 'ssh' && steps.length > 2)) {
    throw new WindlassError(
      'invalid-pipeline',
      `pull-request.url is not that of a Gitea repository: ${path}.`,
    );
  }
  const below = steps.slice(0, -2).map((step) => `/${step}`);
  return { below: below.join(''), owner, repository };
}
