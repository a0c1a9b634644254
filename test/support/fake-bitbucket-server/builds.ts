import { type Express, type Request } from 'express';
import { buildBody, keyQuery, parseInput } from './input';
import { type BitbucketRepository, type BuildRecord } from './model';
import { Refusal } from './refusal';

/** https://developer.atlassian.com/server/bitbucket/rest/v906/api-group-builds-and-deployments/ */
export function serveBuilds(
  app: Express,
  root: string,
  repositoryOf: (request: Request) => BitbucketRepository,
  repositories: readonly BitbucketRepository[],
): void {
  const builds = `${root}/commits/:commit/builds`;
  const commitOf = (request: Request): string => String(request.params['commit']);
  app.get(builds, (request, response) => {
    const { key } = parseInput(keyQuery, request.query);
    const found = repositoryOf(request).builds.get(commitOf(request))?.get(key);
    if (found === undefined) throw new Refusal(404, `There is no build ${key}.`);
    response.json(found);
  });
  app.post(builds, (request, response) => {
    const repository = repositoryOf(request);
    const { key, parent, state, description, url } = parseInput(buildBody, request.body);
    const commit = commitOf(request);
    if (![...repository.branches.values()].includes(commit)) {
      throw new Refusal(404, `Commit '${commit}' does not exist.`, 'commit.NoSuchCommitException');
    }
    repository.build(commit, { key, parent, state, description, url });
    response.status(204).end();
  });
  app.get('/rest/build-status/latest/commits/stats/:commit', (request, response) => {
    const all = repositories.flatMap((each) => [...(each.builds.get(commitOf(request))?.values() ?? [])]);
    const count = (state: BuildRecord['state']): number => all.filter((each) => each.state === state).length;
    response.json({
      successful: count('SUCCESSFUL'),
      inProgress: count('INPROGRESS'),
      failed: count('FAILED'),
      cancelled: count('CANCELLED'),
      unknown: count('UNKNOWN'),
    });
  });
}
