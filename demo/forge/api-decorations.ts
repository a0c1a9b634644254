import { type Request, type Router } from 'express';
import {
  issueAnswer,
  labelAnswer,
  reviewRequestAnswer,
  simplePullRequestAnswer,
  tokenOwner,
} from './api-answers';
import { jsonBody } from './api-body';
import { assigneesSchema, labelsSchema, pageSchema, parseInput, reviewersSchema } from './api-schemas';
import { sendConditionally } from './conditional';
import { type HostedRepository } from './hosted-repository';
import { nextPage } from './paging';
import { sameName } from './people';
import { Refusal, validationFailed } from './refusal';

const maxLabel = 50;
const maxAssignees = 10;
const maxReviewers = 15;

/** Labels, assignees and requested reviewers: https://docs.github.com/rest/issues/labels, assignees, pulls/review-requests */
export function serveDecorations(
  router: Router,
  forgeUrl: string,
  repositoryOf: (request: Request) => HostedRepository,
): void {
  const issue = '/repos/:owner/:repository/issues/:number';
  router.post(`${issue}/labels`, async (request, response) => {
    const repository = repositoryOf(request);
    const { labels } = parseInput(labelsSchema, jsonBody(request));
    if (labels.some((label) => label.length > maxLabel)) {
      const message = `name is too long (maximum is ${maxLabel} characters)`;
      throw validationFailed({ resource: 'Label', field: 'name', code: 'custom', message });
    }
    // One that does not exist is made.
    const all = await repository.decorate(Number(request.params.number), (record) => {
      record.labels.push(...missing(record.labels, labels));
      return record.labels;
    });
    response.json(all.map((label) => labelAnswer(forgeUrl, repository, label)));
  });
  router.post(`${issue}/assignees`, async (request, response) => {
    const repository = repositoryOf(request);
    const { assignees } = parseInput(assigneesSchema, jsonBody(request));
    const record = await repository.decorate(Number(request.params.number), (found) => {
      // Those who cannot be assigned are ignored without a word.
      const possible = assignees.filter((login) => repository.people.isCollaborator(login));
      found.assignees.push(...missing(found.assignees, possible));
      found.assignees.splice(maxAssignees);
      return found;
    });
    response.status(201).json(issueAnswer(forgeUrl, repository, record));
  });
  router.get(`${issue}/events`, (request, response) => {
    const repository = repositoryOf(request);
    const { number, reviewRequests } = repository.pullRequest(Number(request.params.number));
    const page = nextPage(
      { request, response, forgeUrl },
      reviewRequests,
      parseInput(pageSchema, request.query),
    );
    const answers = page.map((each, index) => reviewRequestAnswer(forgeUrl, repository, number, index, each));
    sendConditionally(request, response, answers);
  });
  router.post('/repos/:owner/:repository/pulls/:number/requested_reviewers', async (request, response) => {
    const repository = repositoryOf(request);
    const { reviewers, team_reviewers: teams } = parseInput(reviewersSchema, jsonBody(request));
    requireCollaborators(repository, reviewers, teams);
    const record = await repository.decorate(Number(request.params.number), (found) => {
      const newReviewers = missing(found.reviewers, reviewers);
      const newTeams = missing(found.teams, teams);
      if (found.reviewers.length + newReviewers.length > maxReviewers)
        throw new Refusal(422, `A pull request cannot have more than ${maxReviewers} reviewers.`);
      found.reviewers.push(...newReviewers);
      found.teams.push(...newTeams);
      found.reviewRequests.push(
        ...newReviewers.map((reviewer) => ({ reviewer })),
        ...newTeams.map((team) => ({ team })),
      );
      return found;
    });
    response.status(201).json(simplePullRequestAnswer(forgeUrl, repository, record));
  });
}

/** GitHub refuses all of them for one. */
function requireCollaborators(
  { people, fullName }: HostedRepository,
  reviewers: readonly string[],
  teams: readonly string[],
): void {
  if (reviewers.some((login) => sameName(login, tokenOwner)))
    throw new Refusal(422, 'Review cannot be requested from pull request author.');
  if (reviewers.every((each) => people.isCollaborator(each)) && teams.every((each) => people.isTeam(each)))
    return;
  throw new Refusal(
    422,
    'Reviews may only be requested from collaborators. One or more of the users or teams you specified is not ' +
      `a collaborator of the ${fullName} repository.`,
  );
}

function missing(present: readonly string[], wanted: readonly string[]): readonly string[] {
  return wanted.filter((each) => !present.some((other) => sameName(other, each)));
}
