import { type Request, type RequestHandler, type Response, Router, text } from 'express';
import {
  pullRequestAnswer,
  repositoryAnswer,
  simplePullRequestAnswer,
  tokenOwner,
  tokenOwnerAnswer,
} from './api-answers';
import { jsonBody } from './api-body';
import { serveBranches } from './api-branches';
import { serveChecks } from './api-checks';
import { serveComments } from './api-comments';
import { serveDecorations } from './api-decorations';
import { graphqlHandler } from './api-graphql';
import { serveRefs } from './api-refs';
import { createSchema, listSchema, mergeSchema, pageSchema, parseInput, updateSchema } from './api-schemas';
import { type AcceptToken, authorize } from './authorization';
import { commitAnswer } from './commit-answers';
import { sendConditionally } from './conditional';
import { type RecordedRequest } from './faults';
import { type HostedRepository } from './hosted-repository';
import { appRouter, type GithubApp } from './github-app';
import { nextPage } from './paging';
import { type PullRequestRecord } from './pull-request-record';
import { Refusal, notFound, validationFailed } from './refusal';
import { type Repositories } from './repositories';

export interface ApiContext {
  readonly repositories: Repositories;
  readonly accepts: AcceptToken;
  readonly app: GithubApp | undefined;
  readonly url: string;
}

/** GitHub's limits: https://docs.github.com/rest/pulls/pulls */
const maxTitle = 256;
const maxBody = 65_536;
const refusedMethods = { merge: 'Merge commits', squash: 'Squash merges', rebase: 'Rebase merges' };

/** The part of GitHub's REST API that pull requests need, below `/api/v3` as on an Enterprise Server. */
export function apiRouter(context: ApiContext): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.use(requireUserAgent, appRouter(context.app, context.url));
  router.use(requireToken(context.accepts), requireJsonAccepted);
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
    .get(async (request, response) => {
      const repository = repositoryOf(context, request);
      const answer = await singleAnswer(context, repository, pullRequestOf(repository, request));
      sendConditionally(request, response, answer);
    })
    .patch((request, response) => updatePullRequest(context, request, response));
  router.put(`${repositoryPath}/pulls/:number/merge`, (request, response) =>
    mergePullRequest(context, request, response),
  );
  router.get(`${repositoryPath}/pulls/:number/commits`, (request, response) =>
    listCommits(context, request, response),
  );
  const ofRequest = (request: Request): HostedRepository => repositoryOf(context, request);
  serveComments(router, context.url, ofRequest);
  serveChecks(router, context.url, ofRequest);
  serveBranches(router, context.url, ofRequest);
  serveDecorations(router, context.url, ofRequest);
  serveRefs(router, context, ofRequest);
  router.get('/user', (request, response) => {
    sendConditionally(request, response, tokenOwnerAnswer(context.url));
  });
  router.use(() => {
    throw notFound();
  });
  return router;
}

/** GraphQL, at `/api/graphql`. */
export function graphqlRouter({ accepts, repositories }: ApiContext): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.use(requireUserAgent, requireToken(accepts), requireJsonAccepted);
  router.use(text({ type: () => true, limit: '1mb' }), recordBody);
  router.post('/', graphqlHandler(repositories));
  return router;
}

/** With what Git says of its merge. */
async function singleAnswer(
  context: ApiContext,
  repository: HostedRepository,
  record: PullRequestRecord,
): Promise<Readonly<Record<string, unknown>>> {
  const { baseSha, headSha, state } = record;
  const mergeable = state === 'open' ? await repository.git.isMergeable(baseSha, headSha) : undefined;
  return pullRequestAnswer(context.url, repository, record, mergeable);
}

/** The oldest first, and no more than 250: https://docs.github.com/rest/pulls/pulls#list-commits-on-a-pull-request */
async function listCommits(context: ApiContext, request: Request, response: Response): Promise<void> {
  const repository = repositoryOf(context, request);
  const { baseSha, headSha } = pullRequestOf(repository, request);
  const commits = (await repository.git.commitsOf(baseSha, headSha)).slice(0, 250);
  const query = parseInput(pageSchema, request.query);
  const page = nextPage({ request, response, forgeUrl: context.url }, commits, query);
  sendConditionally(
    request,
    response,
    page.map((commit) => commitAnswer(context.url, repository, commit)),
  );
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
  const key = (record: PullRequestRecord): string =>
    query.sort === 'updated' ? record.updatedAt : record.createdAt;
  const newestFirst = matching.sort((left, right) => key(right).localeCompare(key(left)));
  const { direction = query.sort === 'created' ? 'desc' : 'asc' } = query;
  const sorted = direction === 'asc' ? newestFirst.reverse() : newestFirst;
  const page = nextPage({ request, response, forgeUrl: context.url }, sorted, query);
  const answers = page.map((record) => simplePullRequestAnswer(context.url, repository, record));
  sendConditionally(request, response, answers);
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
    draft: input.draft ?? false,
  });
  const answer = await singleAnswer(context, repository, record);
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
  const change = {
    ...(input.title === undefined ? {} : { title: input.title }),
    ...(input.body === undefined ? {} : { body: input.body ?? '' }),
    ...(input.state === undefined ? {} : { state: input.state }),
  };
  const record = await repository.updatePullRequest(number, change, tokenOwner);
  response.json(await singleAnswer(context, repository, record));
}

async function mergePullRequest(context: ApiContext, request: Request, response: Response): Promise<void> {
  const repository = repositoryOf(context, request);
  const { number } = pullRequestOf(repository, request);
  const input = parseInput(mergeSchema, isEmpty(request.body) ? {} : jsonBody(request));
  const { sha: expectedHead, merge_method: method = 'merge' } = input;
  const { mergeMethods } = repository;
  if (!mergeMethods.has(method))
    throw new Refusal(405, `${refusedMethods[method]} are not allowed on this repository.`);
  if (repository.mergeQueue.isRequired(repository.pullRequest(number).base))
    throw new Refusal(405, 'Changes must be made through the merge queue');
  const record = await context.repositories.merge(repository, number, tokenOwner, { expectedHead, method });
  response.json({ sha: record.mergeCommit, merged: true, message: 'Pull Request successfully merged' });
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

function requireToken(accepts: AcceptToken): RequestHandler {
  return (request, _response, next) => {
    const verdict = authorize(request.headers.authorization, accepts);
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
