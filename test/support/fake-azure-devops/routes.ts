import { type Express, type Request } from 'express';
import { commentAnswer, commitAnswer, sendList, statusAnswer, threadAnswer } from './answers';
import {
  bodyOf,
  commentBody,
  commitsQuery,
  commitStatusesQuery,
  evaluationsQuery,
  noQuery,
  policiesQuery,
  queryOf,
  refsQuery,
  statusBody,
  threadBody,
} from './input';
import {
  buildPolicy,
  type PullRequestRecord,
  type Repository,
  type StatusRecord,
  statusPolicy,
  tokenUser,
} from './model';
import { assumed, Refusal } from './refusal';

/** @throws Refusal where there is none */
export interface Find {
  readonly repositoryOf: (request: Request) => Repository;
  readonly pullRequestOf: (request: Request) => PullRequestRecord;
}

export function serveCommits(app: Express, root: string, { repositoryOf, pullRequestOf }: Find): void {
  app.get(`${root}/refs`, (request, response) => {
    const prefix = `refs/${queryOf(request, refsQuery).filter}`;
    const names = [...repositoryOf(request).branches.keys()].map((branch) => `refs/heads/${branch}`);
    sendList(
      response,
      names.filter((name) => name.startsWith(prefix)).map((name) => ({ name })),
    );
  });
  app.get(`${root}/commits/:commit`, (request, response) => {
    const found = repositoryOf(request).commit(request.params['commit']);
    queryOf(request, noQuery);
    if (found === undefined) throw assumed(404, 'The commit was not found.');
    response.json(commitAnswer(found, false));
  });
  app.get(`${root}/pullRequests/:id/commits`, (request, response) => {
    const { $top, continuationToken } = queryOf(request, commitsQuery);
    const { source } = pullRequestOf(request);
    const newestFirst = [...(repositoryOf(request).branches.get(source) ?? [])].reverse();
    const from = Number(continuationToken);
    const to = from + $top;
    if (to < newestFirst.length) response.setHeader('x-ms-continuationtoken', String(to));
    sendList(
      response,
      newestFirst.slice(from, to).map((each) => commitAnswer(each, true)),
    );
  });
  app.get(`${root}/commits/:commit/statuses`, (request, response) => {
    const { top, skip, latestOnly } = queryOf(request, commitStatusesQuery);
    const all = repositoryOf(request).commitStatuses.get(request.params['commit']) ?? [];
    const wanted = latestOnly === 'true' ? latestOf(all) : all;
    sendList(response, wanted.slice(skip, skip + top).map(statusAnswer));
  });
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
    queryOf(request, noQuery);
    const commits = pullRequestOf(request).iterations;
    sendList(
      response,
      commits.map((commitId, index) => ({ id: index + 1, sourceRefCommit: { commitId } })),
    );
  });
  app.get(`${root}/pullRequests/:id/statuses`, (request, response) => {
    queryOf(request, noQuery);
    sendList(response, pullRequestOf(request).statuses.map(statusAnswer));
  });
  app.post(`${root}/pullRequests/:id/statuses`, (request, response) => {
    queryOf(request, noQuery);
    const { state, description, targetUrl, iterationId, context } = bodyOf(request, statusBody);
    const repository = repositoryOf(request);
    const record = pullRequestOf(request);
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
      throw assumed(404, 'The iteration was not found.');
    const added = { state, description, targetUrl, ...context, iterationId };
    response.json(statusAnswer(repository.addStatus(record, added)));
  });
}

/** https://learn.microsoft.com/rest/api/azure/devops/git/pull-request-threads */
export function serveThreads(app: Express, root: string, { repositoryOf, pullRequestOf }: Find): void {
  const threads = `${root}/pullRequests/:id/threads`;
  app.get(threads, (request, response) => {
    queryOf(request, noQuery);
    sendList(response, pullRequestOf(request).threads.map(threadAnswer));
  });
  app.post(threads, (request, response) => {
    queryOf(request, noQuery);
    const { comments, status } = bodyOf(request, threadBody);
    const [{ content }] = comments;
    response.json(
      threadAnswer(repositoryOf(request).comment(pullRequestOf(request), content, tokenUser, status)),
    );
  });
  app.patch(`${threads}/:thread/comments/:comment`, (request, response) => {
    queryOf(request, noQuery);
    const { content } = bodyOf(request, commentBody);
    const thread = pullRequestOf(request).threads.find(({ id }) => id === Number(request.params['thread']));
    const found = thread?.comments.find(({ id }) => id === Number(request.params['comment']));
    if (thread === undefined || found === undefined) throw assumed(404, 'The comment was not found.');
    if (found.author !== tokenUser) throw assumed(403, 'Only the author can edit a comment.');
    found.content = content;
    response.json(commentAnswer(found));
  });
}

/** https://learn.microsoft.com/rest/api/azure/devops/policy */
export function servePolicies(app: Express, project: string, repositories: readonly Repository[]): void {
  app.get(`${project}/git/policy/configurations`, (request, response) => {
    const { repositoryId, refName, policyType } = queryOf(request, policiesQuery);
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
    const [projectId, id] = queryOf(request, evaluationsQuery).artifactId.split('/').slice(-2);
    const repository = repositories.find((each) => each.projectId === projectId);
    const record = repository?.pullRequests.find((each) => each.id === Number(id));
    if (record === undefined) throw assumed(404, 'No such artifact.');
    sendList(
      response,
      record.builds.map(({ status, isBlocking }) => ({
        status,
        configuration: { type: { id: buildPolicy }, isEnabled: true, isBlocking, isDeleted: false },
      })),
    );
  });
}
