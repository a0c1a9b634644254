import { type Express, type Request } from 'express';
import { commentAnswer, commitAnswer, sendList, statusAnswer, threadAnswer } from './answers';
import {
  buildPolicy,
  type PullRequestRecord,
  type Repository,
  type StatusRecord,
  statusPolicy,
  tokenUser,
} from './model';
import { invalidArgument, Refusal } from './refusal';

/** @throws Refusal where there is none */
export interface Find {
  readonly repositoryOf: (request: Request) => Repository;
  readonly pullRequestOf: (request: Request) => PullRequestRecord;
}

export function textIn({ query }: Request, name: string): string {
  const value = query[name];
  return typeof value === 'string' ? value : '';
}

export function serveCommits(app: Express, root: string, { repositoryOf, pullRequestOf }: Find): void {
  app.get(`${root}/refs`, (request, response) => {
    const prefix = `refs/${textIn(request, 'filter')}`;
    const names = [...repositoryOf(request).branches.keys()].map((branch) => `refs/heads/${branch}`);
    sendList(
      response,
      names.filter((name) => name.startsWith(prefix)).map((name) => ({ name })),
    );
  });
  app.get(`${root}/commits/:commit`, (request, response) => {
    const found = repositoryOf(request).commit(request.params['commit']);
    if (found === undefined) throw noCommit();
    response.json(commitAnswer(found, false));
  });
  app.get(`${root}/pullRequests/:id/commits`, (request, response) => {
    const { source } = pullRequestOf(request);
    const newestFirst = [...(repositoryOf(request).branches.get(source) ?? [])].reverse();
    const { $top = 100, continuationToken = '0' } = request.query;
    const from = Number(continuationToken);
    const to = from + Number($top);
    if (to < newestFirst.length) response.setHeader('x-ms-continuationtoken', String(to));
    sendList(
      response,
      newestFirst.slice(from, to).map((each) => commitAnswer(each, true)),
    );
  });
  app.get(`${root}/commits/:commit/statuses`, (request, response) => {
    const all = repositoryOf(request).commitStatuses.get(request.params['commit']) ?? [];
    const { top = 1_000, skip = 0, latestOnly } = request.query;
    const wanted = latestOnly === 'true' ? latestOf(all) : all;
    sendList(response, wanted.slice(Number(skip), Number(skip) + Number(top)).map(statusAnswer));
  });
}

function noCommit(): Refusal {
  return new Refusal(
    404,
    'GitCommitDoesNotExistException',
    'TF401175: The version descriptor could not be resolved.',
  );
}

function latestOf(statuses: readonly StatusRecord[]): readonly StatusRecord[] {
  return statuses.filter(
    (each, index) =>
      !statuses.slice(index + 1).some(({ name, genre }) => name === each.name && genre === each.genre),
  );
}

/** https://learn.microsoft.com/azure/devops/repos/git/pull-request-status */
export function serveStatuses(app: Express, root: string, { repositoryOf, pullRequestOf }: Find): void {
  app.get(`${root}/pullRequests/:id/iterations`, (request, response) => {
    const commits = pullRequestOf(request).iterations;
    sendList(
      response,
      commits.map((commitId, index) => ({ id: index + 1, sourceRefCommit: { commitId } })),
    );
  });
  app.get(`${root}/pullRequests/:id/statuses`, (request, response) => {
    sendList(response, pullRequestOf(request).statuses.map(statusAnswer));
  });
  app.post(`${root}/pullRequests/:id/statuses`, (request, response) => {
    const repository = repositoryOf(request);
    const record = pullRequestOf(request);
    const {
      state = 'notSet',
      description,
      targetUrl,
      iterationId,
      context,
    } = request.body as {
      readonly state?: string;
      readonly description?: string;
      readonly targetUrl?: string;
      readonly iterationId?: number;
      readonly context?: { readonly name?: string; readonly genre?: string };
    };
    const { name = '', genre = '' } = context ?? {};
    if (name === '') throw invalidArgument('Context.Name is required.');
    if ((description?.length ?? 0) > 255) throw invalidArgument('description is too long.');
    const resets = repository.policies.some(
      ({ type, settings }) => type === statusPolicy && settings['invalidateOnSourceUpdate'] === true,
    );
    if (resets && iterationId === undefined) {
      // https://github.com/mc1arke/sonarqube-community-branch-plugin/issues/1219
      throw new Refusal(
        403,
        'GitPullRequestStatusRejectedByPolicyException',
        'Pull request status rejected by status policy. Policy configuration requires status to be posted on iteration',
      );
    }
    if (iterationId !== undefined && record.iterations[iterationId - 1] === undefined)
      throw new Refusal(404, 'GitPullRequestIterationNotFoundException', 'The iteration was not found.');
    const added = { state, description, targetUrl, name, genre, iterationId };
    response.json(statusAnswer(repository.addStatus(record, added)));
  });
}

/** https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-threads */
export function serveThreads(app: Express, root: string, { repositoryOf, pullRequestOf }: Find): void {
  const threads = `${root}/pullRequests/:id/threads`;
  app.get(threads, (request, response) => {
    sendList(response, pullRequestOf(request).threads.map(threadAnswer));
  });
  app.post(threads, (request, response) => {
    const { comments = [], status = 'unknown' } = request.body as {
      readonly comments?: readonly { readonly content?: string }[];
      readonly status?: string;
    };
    const [first] = comments;
    if (first?.content === undefined || comments.length > 1) throw invalidArgument('comments');
    const content = bounded(first.content);
    response.json(
      threadAnswer(repositoryOf(request).comment(pullRequestOf(request), content, tokenUser, status)),
    );
  });
  app.patch(`${threads}/:thread/comments/:comment`, (request, response) => {
    const thread = pullRequestOf(request).threads.find(({ id }) => id === Number(request.params['thread']));
    const found = thread?.comments.find(({ id }) => id === Number(request.params['comment']));
    if (thread === undefined || found === undefined)
      throw new Refusal(404, 'GitPullRequestCommentNotFoundException', 'The comment was not found.');
    if (found.author !== tokenUser)
      throw new Refusal(
        403,
        'GitPullRequestCommentCannotBeUpdatedException',
        'Only the author can edit a comment.',
      );
    found.content = bounded((request.body as { readonly content: string }).content);
    response.json(commentAnswer(found));
  });
}

/** https://github.com/runatlantis/atlantis/pull/1585 */
function bounded(content: string): string {
  if (content.length <= 150_000) return content;
  throw new Refusal(
    400,
    'ArgumentException',
    'A discussion comment cannot be longer than 150000 characters.\r\nParameter name: comment.Content',
  );
}

/** https://learn.microsoft.com/rest/api/azure/devops/policy */
export function servePolicies(app: Express, project: string, repositories: readonly Repository[]): void {
  app.get(`${project}/git/policy/configurations`, (request, response) => {
    const { repositoryId, refName, policyType } = request.query;
    const repository = repositories.find(({ id }) => id === repositoryId);
    const found = (repository?.policies ?? []).filter(
      ({ type, target }) => type === policyType && refName === `refs/heads/${target}`,
    );
    sendList(
      response,
      found.map(({ type, isEnabled, isBlocking, settings }) => ({
        ...{ id: 1, type: { id: type }, isEnabled, isBlocking, isDeleted: false, settings },
      })),
    );
  });
  app.get(`${project}/policy/evaluations`, (request, response) => {
    const [, projectId, id] =
      /^vstfs:\/\/\/CodeReview\/CodeReviewId\/([^/]+)\/(\d+)$/.exec(textIn(request, 'artifactId')) ?? [];
    const repository = repositories.find((each) => each.projectId === projectId);
    const record = repository?.pullRequests.find((each) => each.id === Number(id));
    if (record === undefined) throw new Refusal(404, 'PolicyEvaluationNotFound', 'No such artifact.');
    sendList(
      response,
      record.builds.map(({ status, isBlocking }) => ({
        status,
        configuration: { type: { id: buildPolicy }, isEnabled: true, isBlocking, isDeleted: false },
      })),
    );
  });
}
