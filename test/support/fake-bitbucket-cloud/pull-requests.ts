import { type Express, type Request } from 'express';
import { commentAnswer, commitAnswer, pullRequestAnswer, sendOne, sendPage } from './answers';
import { commentBody, createBody, declineBody, parseBody, parseQuery, updateBody } from './input';
import { type PullRequestRecord, type Repository, tokenUser, type User } from './model';
import { badField, Refusal } from './refusal';

export interface Served {
  readonly app: Express;
  /** The members of the workspace. */
  readonly members: readonly User[];
  readonly repositoryOf: (request: Request) => Repository;
  readonly pullRequestOf: (request: Request) => PullRequestRecord;
}

export const all = '/2.0/repositories/:workspace/:slug/pullrequests';
const filters = [
  ...['state', 'draft', 'created_on', 'updated_on', 'source.branch.name', 'destination.branch.name'],
];

/** https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/ */
export function servePullRequests({ app, members, repositoryOf, pullRequestOf }: Served): void {
  app.get(all, (request, response) => {
    const repository = repositoryOf(request);
    const { q, state = ['OPEN'], sort = '-created_on' } = parseQuery(request);
    const by = sort.endsWith('updated_on') ? 'updatedOn' : 'createdOn';
    const sign = sort.startsWith('-') ? -1 : 1;
    const listed = repository.pullRequests
      // Seen in October 2026: where there is a `q`, `state` does nothing.
      .filter((each) => q !== undefined || state.some((one) => one === each.state))
      .sort((left, right) => sign * (left[by] - right[by]))
      .map((each) => pullRequestAnswer(repository, each));
    sendPage(request, response, listed, { filters, maxLength: 50 });
  });
  app.post(all, (request, response) => {
    const repository = repositoryOf(request);
    const input = parseBody(createBody, request);
    const source = input.source.branch.name;
    const destination = input.destination?.branch.name ?? 'main';
    if (!repository.branches.has(source)) throw badField('source', `branch not found: ${source}`);
    if (!repository.branches.has(destination))
      throw badField('destination', `branch not found: ${destination}`);
    if (repository.branches.get(source) === repository.branches.get(destination))
      throw new Refusal(400, 'There are no changes to be pulled');
    const texts = { title: input.title, closeSourceBranch: input.close_source_branch ?? false };
    // Seen in October 2026: no refusal, but the open one with this title.
    const present = repository.openBetween(source, destination);
    const record =
      present === undefined
        ? repository.open({
            ...{ ...texts, source, destination, description: input.description ?? '' },
            ...{ draft: input.draft ?? false, reviewers: reviewersFrom(members, input.reviewers ?? []) },
          })
        : Object.assign(present, texts, { updatedOn: repository.now() });
    sendOne(request, response, pullRequestAnswer(repository, record), 201);
  });
  app.get(`${all}/:id`, (request, response) => {
    parseQuery(request);
    const record = pullRequestOf(request);
    sendOne(request, response, pullRequestAnswer(repositoryOf(request), record));
  });
  app.put(`${all}/:id`, (request, response) => {
    const repository = repositoryOf(request);
    const record = pullRequestOf(request);
    const input = parseBody(updateBody, request);
    if (record.state !== 'OPEN') throw new Refusal(400, 'Can only update an open pull request.');
    const reviewers = reviewersFrom(members, input.reviewers ?? []);
    record.title = input.title;
    record.description = input.description ?? record.description;
    record.draft = input.draft ?? record.draft;
    // Whoever is not sent again is cleared.
    record.reviewers = reviewers;
    record.updatedOn = repository.now();
    sendOne(request, response, pullRequestAnswer(repository, record));
  });
  app.post(`${all}/:id/decline`, (request, response) => {
    const repository = repositoryOf(request);
    const record = pullRequestOf(request);
    parseBody(declineBody, request);
    if (record.state !== 'OPEN') throw badField('newstatus', 'This pull request is already closed.');
    repository.end(record, 'DECLINED', tokenUser);
    sendOne(request, response, pullRequestAnswer(repository, record));
  });
  app.get(`${all}/:id/commits`, (request, response) => {
    parseQuery(request);
    const { source } = pullRequestOf(request);
    const newestFirst = repositoryOf(request).commitsOn(source).map(commitAnswer).reverse();
    sendPage(request, response, newestFirst);
  });
}

/** https://developer.atlassian.com/cloud/bitbucket/rest/api-group-pullrequests/#api-repositories-workspace-repo-slug-pullrequests-pull-request-id-comments-get */
export function serveComments({ app, repositoryOf, pullRequestOf }: Served): void {
  app.get(`${all}/:id/comments`, (request, response) => {
    parseQuery(request);
    sendPage(request, response, pullRequestOf(request).comments.map(commentAnswer));
  });
  app.post(`${all}/:id/comments`, (request, response) => {
    const { content } = parseBody(commentBody, request);
    const comment = repositoryOf(request).comment(pullRequestOf(request), content.raw, tokenUser);
    sendOne(request, response, commentAnswer(comment), 201);
  });
  app.put(`${all}/:id/comments/:comment`, (request, response) => {
    const id = Number(request.params['comment']);
    const comment = pullRequestOf(request).comments.find((each) => each.id === id && !each.deleted);
    if (comment === undefined) throw new Refusal(404, 'Comment not found.');
    if (comment.by.uuid !== tokenUser.uuid) throw new Refusal(403, 'You may not edit this comment.');
    comment.raw = parseBody(commentBody, request).content.raw;
    sendOne(request, response, commentAnswer(comment));
  });
}

function reviewersFrom(
  members: readonly User[],
  sent: readonly ({ readonly uuid: string } | { readonly account_id: string })[],
): User[] {
  return sent.map((each) => {
    const user = [...members, tokenUser].find((one) =>
      'uuid' in each ? one.uuid === each.uuid : one.account_id === each.account_id,
    );
    if (user === undefined) throw badField('reviewers', 'Malformed reviewers list');
    if (user.uuid === tokenUser.uuid)
      throw badField('reviewers', `${user.display_name} is the author and cannot be included as a reviewer.`);
    return user;
  });
}
