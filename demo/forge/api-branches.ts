import { type Request, type Router } from 'express';
import { type HostedRepository } from './hosted-repository';
import { pageSchema, parseInput } from './api-schemas';
import { commitAnswer } from './commit-answers';
import { sendConditionally } from './conditional';
import { nextPage } from './paging';
import { Refusal } from './refusal';

/** What every reader sees of a branch's settings: https://docs.github.com/rest/branches/branches */
export function serveBranches(
  router: Router,
  forgeUrl: string,
  repositoryOf: (request: Request) => HostedRepository,
): void {
  const repositoryPath = '/repos/:owner/:repository';
  router.get(`${repositoryPath}/branches/:branch`, async (request, response) => {
    const repository = repositoryOf(request);
    const { branch } = request.params;
    const head = await repository.git.branchHead(branch);
    if (head === undefined) throw new Refusal(404, 'Branch not found');
    const api = `${forgeUrl}/api/v3/repos/${repository.fullName}`;
    const contexts = repository.requiredChecks.of(branch, 'protection');
    sendConditionally(request, response, {
      name: branch,
      commit: commitAnswer(forgeUrl, repository, await repository.git.commitAt(head)),
      protected: repository.requiredChecks.of(branch).length > 0,
      protection: {
        enabled: contexts.length > 0,
        required_status_checks: {
          enforcement_level: contexts.length > 0 ? 'everyone' : 'off',
          contexts,
          checks: contexts.map((context) => ({ context, app_id: null })),
        },
      },
      protection_url: `${api}/branches/${encodeURIComponent(branch)}/protection`,
    });
  });
  // The branch does not need to exist: https://docs.github.com/rest/repos/rules#get-rules-for-a-branch
  router.get(`${repositoryPath}/rules/branches/:branch`, (request, response) => {
    const repository = repositoryOf(request);
    const required = repository.requiredChecks.of(request.params.branch, 'ruleset');
    const rules = required.map((context, index) => ({
      type: 'required_status_checks',
      ruleset_source_type: 'Repository',
      ruleset_source: repository.fullName,
      ruleset_id: index + 1,
      parameters: {
        required_status_checks: [{ context }],
        strict_required_status_checks_policy: false,
        do_not_enforce_on_create: false,
      },
    }));
    const page = nextPage({ request, response, forgeUrl }, rules, parseInput(pageSchema, request.query));
    sendConditionally(request, response, page);
  });
}
