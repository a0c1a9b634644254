import { type Request, type RequestHandler, type Response, Router, text } from 'express';
import { commentAnswer, pullRequestAnswer, repositoryAnswer, simplePullRequestAnswer } from './api-answers';
import {
  commentSchema,
  createSchema,
  listSchema,
  mergeSchema,
  parseInput,
  updateSchema,
} from './api-schemas';
import { authorize } from './authorization';
import { type RecordedRequest } from './faults';
import { type HostedRepository } from './hosted-repository';
import { type PullRequestRecord } from './pull-request-record';
import { Refusal, notFound, validationFailed } from './refusal';
import { type Repositories } from './repositories';

export interface ApiContext {
  readonly repositories: Repositories;
  readonly token: string;
  readonly url: string;
}

/** GitHub's limits: https://docs.github.com/rest/pulls/pulls */
const maxTitle = 256;
const maxBody = 65_536;

/** The part of GitHub's REST API that pull requests need, below `/api/v3` as on an Enterprise Server. */
export function apiRouter(context: ApiContext): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.use(requireUserAgent, requireToken(context.token), requireJsonAccepted);
  router.use(text({ type: () => true, limit: '1mb' }), recordBody);

  const repositoryPath = '/repos/:owner/:repository';
  router.get(repositoryPath, (request, response) => {
    response.json(repositoryAnswer(context.url, repositoryOf(context, request)));
  });
  router
    .route(`${repositoryPath}/pulls`)
    .get((request, response) => {
      listPullRequests(context, request, response);
    })
    .post((request, response) => createPullRequest(context, request, response));
  router
    .route(`${repositoryPath}/pulls/:number`)
    .get((request, response) => {
      const repository = repositoryOf(context, request);
      response.json(pullRequestAnswer(context.url, repository, pullRequestOf(repository, request)));
    })
    .patch((request, response) => updatePullRequest(context, request, response));
  router.put(`${repositoryPath}/pulls/:number/merge`, (request, response) =>
    mergePullRequest(context, request, response),
  );
  router.post(`${repositoryPath}/issues/:number/comments`, (request, response) =>
    commentOnPullRequest(context, request, response),
  );
  router.use(() => {
    throw notFound();
  });
  return router;
}

function listPullRequests(context: ApiContext, request: Request, response: Response): void {
  const repository = repositoryOf(context, request);
  const query = parseInput(listSchema, request.query);
  const matching = repository.pullRequests().filter((record) => {
    if (query.state !== 'all' && record.state !== query.state) return false;
    if (query.base !== undefined && record.base !== query.base) return false;
    // Like GitHub: a head without `owner:` filters nothing.
    return !query.head?.includes(':') || query.head === `${repository.owner}:${record.head}`;
  });
  const sorted = query.direction === 'asc' ? [...matching].reverse() : matching;
  const from = (query.page - 1) * query.per_page;
  const page = sorted.slice(from, from + query.per_page);
  if (from + query.per_page < sorted.length) {
    const next = new URL(request.originalUrl, context.url);
    next.searchParams.set('page', String(query.page + 1));
    response.setHeader('Link', `<${next.href}>; rel="next"`);
  }
  response.json(page.map((record) => simplePullRequestAnswer(context.url, repository, record)));
}

async function createPullRequest(context: ApiContext, request: Request, response: Response): Promise<void> {
  const repository = repositoryOf(context, request);
  const input = parseInput(createSchema, jsonBody(request));
  if (input.title === undefined || input.title.trim() === '') {
    throw validationFailed({ resource: 'PullRequest', field: 'title', code: 'missing_field' });
  }
  requireLengths(input);
  const record = await context.repositories.openPullRequest(repository, {
    title: input.title,
    body: input.body ?? '',
    head: branchOf(repository, input.head),
    base: input.base,
  });
  const answer = pullRequestAnswer(context.url, repository, record);
  response.status(201).location(String(answer['url'])).json(answer);
}

async function updatePullRequest(context: ApiContext, request: Request, response: Response): Promise<void> {
  const repository = repositoryOf(context, request);
  const { number } = pullRequestOf(repository, request);
  const input = parseInput(updateSchema, jsonBody(request));
  if (input.title?.trim() === '') {
    throw validationFailed({ resource: 'PullRequest', field: 'title', code: 'missing_field' });
  }
  requireLengths(input);
  const record = await repository.updatePullRequest(number, {
    ...(input.title === undefined ? {} : { title: input.title }),
    ...(input.body === undefined ? {} : { body: input.body ?? '' }),
    ...(input.state === undefined ? {} : { state: input.state }),
  });
  response.json(pullRequestAnswer(context.url, repository, record));
}

async function mergePullRequest(context: ApiContext, request: Request, response: Response): Promise<void> {
  const repository = repositoryOf(context, request);
  const { number } = pullRequestOf(repository, request);
  const input = parseInput(mergeSchema, isEmpty(request.body) ? {} : jsonBody(request));
  const record = await context.repositories.merge(repository, number, input.sha);
  response.json({ sha: record.mergeCommit, merged: true, message: 'Pull Request successfully merged' });
}

async function commentOnPullRequest(
  context: ApiContext,
  request: Request,
  response: Response,
): Promise<void> {
  const repository = repositoryOf(context, request);
  const { number } = pullRequestOf(repository, request);
  const input = parseInput(commentSchema, jsonBody(request));
  if (input.body.trim() === '') {
    throw validationFailed({ resource: 'IssueComment', field: 'body', code: 'missing_field' });
  }
  const comment = await repository.comment(number, input.body);
  const answer = commentAnswer(context.url, repository, number, comment);
  response.status(201).location(String(answer['url'])).json(answer);
}

function repositoryOf(context: ApiContext, request: Request): HostedRepository {
  return context.repositories.get(
    `${String(request.params['owner'])}/${String(request.params['repository'])}`,
  );
}

function pullRequestOf(repository: HostedRepository, request: Request): PullRequestRecord {
  return repository.pullRequest(Number(request.params['number']));
}

/** `owner:branch` or `branch`; the forge has no forks. */
function branchOf(repository: HostedRepository, head: string): string {
  const colon = head.indexOf(':');
  if (colon < 0) return head;
  if (head.slice(0, colon) === repository.owner) return head.slice(colon + 1);
  throw validationFailed({ resource: 'PullRequest', field: 'head', code: 'invalid' });
}

function requireLengths(input: {
  readonly title?: string | undefined;
  readonly body?: string | null | undefined;
}): void {
  const tooLong = (field: string, maximum: number) =>
    validationFailed({
      resource: 'PullRequest',
      field,
      code: 'custom',
      message: `${field} is too long (maximum is ${maximum} characters)`,
    });
  if ((input.title?.length ?? 0) > maxTitle) throw tooLong('title', maxTitle);
  if ((input.body?.length ?? 0) > maxBody) throw tooLong('body', maxBody);
}

/** @throws Refusal 400 */
function jsonBody(request: Request): Readonly<Record<string, unknown>> {
  const problem = new Refusal(400, 'Problems parsing JSON');
  if (request.is('application/json') === false || typeof request.body !== 'string') throw problem;
  let value: unknown;
  try {
    value = JSON.parse(request.body);
  } catch {
    throw problem;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(400, 'Body should be a JSON object');
  }
  return value as Readonly<Record<string, unknown>>;
}

const recordBody: RequestHandler = (request, response, next) => {
  const recorded = response.locals['recorded'] as RecordedRequest;
  if (typeof request.body === 'string') {
    try {
      recorded.body = JSON.parse(request.body);
    } catch {
      recorded.body = request.body;
    }
  }
  next();
};

/** https://docs.github.com/rest/using-the-rest-api/getting-started-with-the-rest-api#user-agent */
const requireUserAgent: RequestHandler = (request, _response, next) => {
  if (!isEmpty(request.headers['user-agent'])) {
    next();
    return;
  }
  throw new Refusal(
    403,
    'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
  );
};

function requireToken(token: string): RequestHandler {
  return (request, _response, next) => {
    const verdict = authorize(request.headers.authorization, token);
    if (verdict === 'granted') {
      next();
      return;
    }
    throw new Refusal(401, verdict === 'missing' ? 'Requires authentication' : 'Bad credentials');
  };
}

const requireJsonAccepted: RequestHandler = (request, _response, next) => {
  const accept = request.headers.accept ?? '*/*';
  if (/\*\/\*|application\/(json|vnd\.github[\w.+-]*)/.test(accept)) {
    next();
    return;
  }
  throw new Refusal(415, "Unsupported 'Accept' header: Must accept 'application/json'.");
};

function isEmpty(value: unknown): boolean {
  return value === undefined || value === '';
}
