import { type Express, type Request } from 'express';
import { activityAnswer, commentAnswer, commitAnswer, pageAnswer, pullRequestAnswer } from './answers';
import {
  commentBody,
  createBody,
  declineBody,
  editBody,
  listQuery,
  pageQuery,
  parseInput,
  participantBody,
  requireComment,
  requireLengths,
  updateBody,
  versionQuery,
} from './input';
import { commentsOf, type BitbucketRepository, type PullRequestRecord, tokenUser } from './model';
import { Refusal } from './refusal';

/** https://developer.atlassian.com/server/bitbucket/rest/v906/api-group-pull-requests/ */
export function servePullRequests(
  app: Express,
  root: string,
  url: string,
  repositoryOf: (request: Request) => BitbucketRepository,
): void {
  const all = `${root}/pull-requests`;
  const one = `${all}/:id`;
  const present = (request: Request, record: PullRequestRecord) =>
    pullRequestAnswer(url, repositoryOf(request), record);

  app.get(all, (request, response) => {
    const query = parseInput(listQuery, request.query);
    const listed = select(repositoryOf(request).pullRequests, query);
    response.json(
      pageAnswer(
        listed.map((each) => present(request, each)),
        query,
      ),
    );
  });
  app.post(all, (request, response) => {
    const repository = repositoryOf(request);
    const { title, description = '', draft = false, fromRef, toRef } = parseInput(createBody, request.body);
    requireLengths({ title, description });
    const [from, to] = [branchOf(fromRef.id), branchOf(toRef.id)];
    refuseUnmergeable(repository, from, to, (record) => present(request, record));
    response.status(201).json(present(request, repository.open({ title, description, draft, from, to })));
  });
  app.get(one, (request, response) => {
    response.json(present(request, pullRequestOf(repositoryOf(request), request)));
  });
  app.put(one, (request, response) => {
    const repository = repositoryOf(request);
    const record = pullRequestOf(repository, request);
    const input = parseInput(updateBody, request.body);
    requireVersion(record, input.version);
    requireOpen(record);
    const reviewers = (input.reviewers ?? []).map(({ user }) => user.name);
    requireUsers(repository, reviewers);
    const { title = record.title, description = record.description, draft = record.draft } = input;
    requireLengths({ title, description });
    Object.assign(record, { title, description, draft, reviewers });
    repository.changed(record);
    response.json(present(request, record));
  });
  app.post(`${one}/decline`, (request, response) => {
    const repository = repositoryOf(request);
    const record = pullRequestOf(repository, request);
    parseInput(declineBody, request.body ?? {});
    requireVersion(record, parseInput(versionQuery, request.query).version);
    requireOpen(record);
    repository.end(record, 'DECLINED', tokenUser);
    response.json(present(request, record));
  });
  app.get(`${one}/commits`, (request, response) => {
    const repository = repositoryOf(request);
    const newestFirst = [...repository.commitsOf(pullRequestOf(repository, request).from)].reverse();
    response.json(pageAnswer(newestFirst.map(commitAnswer), parseInput(pageQuery, request.query)));
  });
  app.get(`${one}/activities`, (request, response) => {
    const { activities } = pullRequestOf(repositoryOf(request), request);
    const newestFirst = [...activities].reverse().map(activityAnswer);
    response.json(pageAnswer(newestFirst, parseInput(pageQuery, request.query)));
  });
  app.post(`${one}/comments`, (request, response) => {
    const repository = repositoryOf(request);
    const record = pullRequestOf(repository, request);
    const text = requireComment(parseInput(commentBody, request.body).text);
    response.status(201).json(commentAnswer(repository.comment(record, text, tokenUser)));
  });
  app.put(`${one}/comments/:comment`, (request, response) => {
    const id = Number(request.params['comment']);
    const comment = commentsOf(pullRequestOf(repositoryOf(request), request)).find((each) => each.id === id);
    if (comment === undefined) {
      throw new Refusal(404, `The comment ${id} does not exist.`, 'comment.NoSuchCommentException');
    }
    const { text, version } = parseInput(editBody, request.body);
    if (comment.author !== tokenUser) throw notPermitted();
    if (comment.version !== version) {
      const words = 'You are attempting to modify a comment based on out-of-date information.';
      throw new Refusal(409, words, 'comment.CommentOutOfDateException');
    }
    Object.assign(comment, { text: requireComment(text), version: version + 1 });
    response.json(commentAnswer(comment));
  });
  app.post(`${one}/participants`, (request, response) => {
    const repository = repositoryOf(request);
    const record = pullRequestOf(repository, request);
    const { name } = parseInput(participantBody, request.body).user;
    if (name === tokenUser) {
      const words = 'The author of a pull request may not be reassigned to another role.';
      throw new Refusal(409, words, 'pull.InvalidPullRequestRoleException');
    }
    requireUsers(repository, [name]);
    if (!record.reviewers.includes(name)) record.reviewers.push(name);
    repository.changed(record);
    response.json({ user: { name }, role: 'REVIEWER', approved: false, status: 'UNAPPROVED' });
  });
}

export function pullRequestOf(repository: BitbucketRepository, request: Request): PullRequestRecord {
  const id = Number(request.params['id']);
  const record = repository.pullRequests.find((each) => each.id === id);
  if (record !== undefined) return record;
  const words = `Pull request ${id} does not exist in ${repository.project}/${repository.slug}.`;
  throw new Refusal(404, words, 'pull.NoSuchPullRequestException');
}

export function requireVersion({ version, id }: PullRequestRecord, expected: number): void {
  if (version === expected) return;
  const words = 'You are attempting to modify a pull request based on out-of-date information.';
  const versions = { currentVersion: version, expectedVersion: expected, pullRequest: { id, version } };
  throw new Refusal(409, words, 'pull.PullRequestOutOfDateException', versions);
}

export function requireOpen({ state }: PullRequestRecord): void {
  if (state === 'OPEN') return;
  const words = `This pull request has already been ${state.toLowerCase()}.`;
  throw new Refusal(409, words, 'pull.IllegalPullRequestStateException');
}

export function branchOf(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}

function notPermitted(): Refusal {
  return new Refusal(401, 'You are not permitted to access this resource', 'AuthorisationException');
}

function requireUsers({ users }: BitbucketRepository, names: readonly string[]): void {
  const unknown = names.filter((name) => !users.has(name));
  if (unknown.length === 0) return;
  const words = 'Errors encountered while adding some reviewers to this pull request.';
  const errors = unknown.map((name) => ({
    ...{ context: name, message: `${name} is not a user.`, exceptionName: null },
  }));
  const more = { context: 'reviewers', reviewerErrors: errors, validReviewers: [] };
  throw new Refusal(409, words, 'pull.InvalidPullRequestReviewersException', more);
}

function select(
  records: readonly PullRequestRecord[],
  { state, direction, at, order }: ReturnType<typeof listQuery.parse>,
): readonly PullRequestRecord[] {
  const matching = records.filter(
    (each) =>
      (state === 'ALL' || each.state === state) &&
      (direction === 'INCOMING' || each.fork === undefined) &&
      (at === undefined || branchOf(at) === (direction === 'INCOMING' ? each.to : each.from)),
  );
  const oldestFirst = [...matching].sort((left, right) => left.updatedDate - right.updatedDate);
  return order === 'OLDEST' ? oldestFirst : oldestFirst.reverse();
}

function refuseUnmergeable(
  repository: BitbucketRepository,
  from: string,
  to: string,
  present: (record: PullRequestRecord) => object,
): void {
  if (repository.isArchived) {
    const words = 'Creating pull requests is not supported on archived repositories.';
    throw new Refusal(409, words, 'repository.RepositoryArchivedException');
  }
  for (const branch of [to, from]) {
    if (repository.branches.has(branch)) continue;
    const { project, slug } = repository;
    const words = `Repository ${project}/${slug} has no branch refs/heads/${branch}.`;
    throw new Refusal(404, words, 'repository.NoSuchBranchException');
  }
  if (repository.commitsOf(from).length === 0) {
    const words = `${to} is already up-to-date with ${from} in this repository.`;
    throw new Refusal(409, words, 'pull.EmptyPullRequestException');
  }
  const open = repository.pullRequests.find(
    (each) => each.state === 'OPEN' && each.from === from && each.to === to && each.fork === undefined,
  );
  if (open === undefined) return;
  const words = 'Only one pull request may be open for a given source and target branch';
  throw new Refusal(409, words, 'pull.DuplicatePullRequestException', { existingPullRequest: present(open) });
}
