import { type Request, type Router } from 'express';
import { jsonBody } from './api-body';
import { pageSchema, parseInput, statusSchema } from './api-schemas';
import { checkRunAnswer, combinedStatusAnswer, statusAnswer } from './commit-answers';
import { sendConditionally } from './conditional';
import { type HostedRepository } from './hosted-repository';
import { nextPage } from './paging';
import { Refusal, validationFailed } from './refusal';

/** GitHub's commit statuses and check runs: https://docs.github.com/rest/commits/statuses */
export function serveChecks(
  router: Router,
  forgeUrl: string,
  repositoryOf: (request: Request) => HostedRepository,
): void {
  const repositoryPath = '/repos/:owner/:repository';
  router.post(`${repositoryPath}/statuses/:sha`, async (request, response) => {
    const repository = repositoryOf(request);
    const commit = await commitOf(repository, request.params.sha);
    const { context, state, description, target_url } = parseInput(statusSchema, jsonBody(request));
    if ((description?.length ?? 0) > 140) {
      const message = 'description is too long (maximum is 140 characters)';
      throw validationFailed({ resource: 'Status', field: 'description', code: 'custom', message });
    }
    const status = repository.checks.addStatus(commit, {
      ...{ state, context, description: description ?? null, targetUrl: target_url ?? null },
    });
    response.status(201).json(statusAnswer(forgeUrl, repository, commit, status));
  });
  router.get(`${repositoryPath}/commits/:ref/status`, async (request, response) => {
    const repository = repositoryOf(request);
    const commit = await commitOf(repository, request.params.ref);
    const all = repository.checks.latestStatuses(commit);
    const page = nextPage({ request, response, forgeUrl }, all, parseInput(pageSchema, request.query));
    sendConditionally(request, response, combinedStatusAnswer(forgeUrl, repository, commit, { all, page }));
  });
  router.get(`${repositoryPath}/commits/:ref/check-runs`, async (request, response) => {
    const repository = repositoryOf(request);
    const commit = await commitOf(repository, request.params.ref);
    const all = repository.checks.checkRuns(commit);
    const page = nextPage({ request, response, forgeUrl }, all, parseInput(pageSchema, request.query));
    const runs = page.map((run) => checkRunAnswer(forgeUrl, repository, commit, run));
    sendConditionally(request, response, { total_count: all.length, check_runs: runs });
  });
}

async function commitOf(repository: HostedRepository, commit: string): Promise<string> {
  if (/^[0-9a-f]{40}$/.test(commit) && (await repository.git.hasCommit(commit))) return commit;
  throw new Refusal(422, `No commit found for SHA: ${commit}`);
}
