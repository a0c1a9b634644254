import { type Express, type Request } from 'express';
import { pullRequestAnswer, sendList } from './answers';
import {
  type CompletionOptions,
  mergeTypesPolicy,
  type PullRequestRecord,
  type Repository,
  statusPolicy,
  tokenUser,
} from './model';
import { invalidArgument, Refusal } from './refusal';
import { type Find } from './routes';

interface Body {
  readonly title?: string;
  readonly description?: string;
  readonly sourceRefName?: string;
  readonly targetRefName?: string;
  readonly isDraft?: boolean;
  readonly status?: string;
  readonly lastMergeSourceCommit?: { readonly commitId?: string };
  readonly completionOptions?: CompletionOptions;
}

/** https://learn.microsoft.com/rest/api/azure/devops/git/pull-requests */
export function servePullRequests(app: Express, root: string, { repositoryOf, pullRequestOf }: Find): void {
  app.get(`${root}/pullrequests`, (request, response) => {
    const repository = repositoryOf(request);
    const { $skip = 0, $top = 101, ...criteria } = request.query;
    const matching = repository.pullRequests.filter((each) => matches(each, criteria)).reverse();
    const page = matching.slice(Number($skip), Number($skip) + Math.min(Number($top), 1_000));
    sendList(
      response,
      page.map((each) => pullRequestAnswer(repository, each, true)),
    );
  });
  app.post(`${root}/pullrequests`, (request, response) => {
    const repository = repositoryOf(request);
    const { title, description = '', sourceRefName, targetRefName, isDraft = false } = bodyOf(request);
    if (title === undefined || title === '') throw invalidArgument('A title is required.');
    requireLengths({ title, description });
    const [source, target] = [branchOf(sourceRefName), branchOf(targetRefName)];
    if (!repository.branches.has(source) || !repository.branches.has(target)) {
      throw new Refusal(
        400,
        'GitPullRequestCannotBeActivated',
        'TF401398: The pull request cannot be activated because the source and/or the target branch no longer exists, or the requested refs are not branches',
      );
    }
    const isSame = (each: PullRequestRecord): boolean =>
      each.status === 'active' && !each.isFork && each.source === source && each.target === target;
    if (repository.pullRequests.some(isSame)) {
      throw new Refusal(
        409,
        'GitPullRequestExistsException',
        'TF401179: An active pull request for the source and target branch already exists.',
      );
    }
    const record = repository.open({ title, description, source, target, isDraft });
    response.json(pullRequestAnswer(repository, record));
  });
  app.get(`${root}/pullrequests/:id`, (request, response) => {
    response.json(pullRequestAnswer(repositoryOf(request), pullRequestOf(request)));
  });
  app.patch(`${root}/pullrequests/:id`, (request, response) => {
    const repository = repositoryOf(request);
    const record = pullRequestOf(request);
    change(repository, record, bodyOf(request));
    response.json(pullRequestAnswer(repository, record));
  });
}

function bodyOf(request: Request): Body {
  return request.body as Body;
}

function matches(record: PullRequestRecord, criteria: Request['query']): boolean {
  const { 'searchCriteria.status': status = 'active' } = criteria;
  const { 'searchCriteria.sourceRefName': source, 'searchCriteria.targetRefName': target } = criteria;
  return (
    (status === 'all' || record.status === status) &&
    [undefined, `refs/heads/${record.source}`].includes(source as string | undefined) &&
    [undefined, `refs/heads/${record.target}`].includes(target as string | undefined)
  );
}

function branchOf(ref: string | undefined): string {
  const branch = /^refs\/heads\/(.+)$/.exec(ref ?? '')?.[1];
  if (branch === undefined) throw invalidArgument('A ref name must start with refs/heads/.');
  return branch;
}

/** https://github.com/dependabot/dependabot-core/issues/2747 */
function requireLengths({ title, description }: Pick<Body, 'title' | 'description'>): void {
  if ((title?.length ?? 0) > 400)
    throw invalidArgument('A title for a pull request must not be longer than 400 characters.');
  if ((description?.length ?? 0) > 4_000)
    throw invalidArgument('A description for a pull request must not be longer than 4000 characters.');
}

const changeable = new Set(['title', 'description', 'status', 'completionOptions', 'lastMergeSourceCommit']);

function change(repository: Repository, record: PullRequestRecord, body: Body): void {
  if (record.status !== 'active') {
    const words = 'TF401181: The pull request cannot be edited due to its state.';
    throw new Refusal(400, 'GitPullRequestNotEditableException', words);
  }
  const other = Object.keys(body).find((name) => !changeable.has(name));
  if (other !== undefined) throw invalidArgument(`${other} cannot be updated.`);
  requireLengths(body);
  record.title = body.title ?? record.title;
  record.description = body.description ?? record.description;
  if (body.status === 'abandoned') repository.end(record, 'abandoned', tokenUser);
  if (body.status === 'completed') complete(repository, record, body);
}

function complete(repository: Repository, record: PullRequestRecord, body: Body): void {
  const expected = body.lastMergeSourceCommit?.commitId;
  if (expected === undefined) throw invalidArgument('lastMergeSourceCommit is required.');
  if (record.isDraft) throw invalidArgument('A draft cannot be completed.');
  if (expected !== record.iterations.at(-1)) {
    const words = 'TF401192: The source branch has been modified since the last merge attempt.';
    throw new Refusal(409, 'GitPullRequestStaleException', words);
  }
  if (repository.closedToMerges.has(record.target)) {
    const words = `TF401027: You need the Git 'PullRequestContribute' permission to perform this action. Details: identity '${tokenUser}', scope 'branch'.`;
    throw new Refusal(403, 'GitNeedsPermissionException', words);
  }
  const options = body.completionOptions ?? {};
  if (!policiesAllow(repository, record, options)) {
    const words = 'The pull request cannot be completed because required policies are not satisfied.';
    throw new Refusal(403, 'GitPullRequestUpdateRejectedByPolicyException', words);
  }
  if (record.mergeStatus === 'conflicts') return;
  Object.assign(record, { completing: options, mergeStatus: 'queued' });
}

const allowing: Readonly<Record<string, string>> = {
  ...{ noFastForward: 'allowNoFastForward', squash: 'allowSquash' },
  ...{ rebase: 'allowRebase', rebaseMerge: 'allowRebaseMerge' },
};

function policiesAllow(
  repository: Repository,
  record: PullRequestRecord,
  { mergeStrategy = 'noFastForward' }: CompletionOptions,
): boolean {
  const inForce = repository.policies.filter(
    (each) => each.isEnabled && each.isBlocking && each.target === record.target,
  );
  return inForce.every(({ type, settings }) => {
    if (type === mergeTypesPolicy) return settings[allowing[mergeStrategy] ?? ''] === true;
    if (type !== statusPolicy) return true;
    const named = record.statuses.filter(
      ({ name, genre }) => name === settings['statusName'] && genre === settings['statusGenre'],
    );
    const counting = named.filter(({ iterationId }) => iterationId === record.iterations.length);
    return (settings['invalidateOnSourceUpdate'] === true ? counting : named).at(-1)?.state === 'succeeded';
  });
}
