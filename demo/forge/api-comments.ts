import { type Request, type Router } from 'express';
import { commentAnswer, issueAnswer, tokenOwner } from './api-answers';
import { jsonBody } from './api-body';
import { commentSchema, pageSchema, parseInput } from './api-schemas';
import { sendConditionally } from './conditional';
import { type HostedRepository } from './hosted-repository';
import { nextPage } from './paging';
import { validationFailed } from './refusal';

const maxComment = 65_536;

/** What GitHub keeps of a pull request as of an issue: who closed it, and its comments. */
export function serveComments(
  router: Router,
  forgeUrl: string,
  repositoryOf: (request: Request) => HostedRepository,
): void {
  const issue = '/repos/:owner/:repository/issues/:number';
  router.get(issue, (request, response) => {
    const repository = repositoryOf(request);
    const record = repository.pullRequest(Number(request.params.number));
    sendConditionally(request, response, issueAnswer(forgeUrl, repository, record));
  });
  router.get(`${issue}/comments`, (request, response) => {
    const repository = repositoryOf(request);
    const { comments, number } = repository.pullRequest(Number(request.params.number));
    const page = nextPage({ request, response, forgeUrl }, comments, parseInput(pageSchema, request.query));
    sendConditionally(
      request,
      response,
      page.map((comment) => commentAnswer(forgeUrl, repository, number, comment)),
    );
  });
  router.post(`${issue}/comments`, async (request, response) => {
    const repository = repositoryOf(request);
    const { number } = repository.pullRequest(Number(request.params.number));
    const comment = await repository.comment(number, bodyOf(request), tokenOwner);
    const answer = commentAnswer(forgeUrl, repository, number, comment);
    response.status(201).location(String(answer['url'])).json(answer);
  });
  router.patch('/repos/:owner/:repository/issues/comments/:id', async (request, response) => {
    const repository = repositoryOf(request);
    const { number, comment } = await repository.editComment(Number(request.params.id), bodyOf(request));
    response.json(commentAnswer(forgeUrl, repository, number, comment));
  });
}

function bodyOf(request: Request): string {
  const { body } = parseInput(commentSchema, jsonBody(request));
  if (body.trim() === '') {
    throw validationFailed({ resource: 'IssueComment', field: 'body', code: 'missing_field' });
  }
  if (body.length > maxComment) {
    const message = `body is too long (maximum is ${maxComment} characters)`;
    throw validationFailed({ resource: 'IssueComment', field: 'body', code: 'custom', message });
  }
  return body;
}
