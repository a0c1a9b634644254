import { WindlassError } from '../../domain/errors';
import { type RepositoryUrl } from '../../domain/pipeline/repository-url';

/**
 * The last two steps of the path; anything else would address another of the API's endpoints.
 * @throws WindlassError invalid-pipeline
 */
export function splitPath({ path, protocol }: RepositoryUrl): {
  readonly owner: string;
  readonly repository: string;
} {
  const steps = path.split('/');
  const [owner = '', repository = ''] = steps.slice(-2);
  // https://github.com/go-gitea/gitea/blob/v1.26.0/modules/validation/helpers.go
  const areNames = [owner, repository].every((name) => /^[\w.-]+$/.test(name) && !/^\.+$/.test(name));
  if (steps.length >= 2 && areNames && (protocol !== 'ssh' || steps.length === 2))
    return { owner, repository };
  throw new WindlassError('invalid-pipeline', `pull-request.url is not that of a Gitea repository: ${path}.`);
}
