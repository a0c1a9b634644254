import { type Express } from 'express';
import { type z } from 'zod';
import { pullRequestAnswer, sendList } from './answers';
import {
  bodyOf,
  createBody,
  invalidArgument,
  noQuery,
  pullRequestsQuery,
  queryOf,
  updateBody,
} from './input';
import {
  type CompletionOptions,
  mergeTypesPolicy,
  type PullRequestRecord,
  type Repository,
  statusPolicy,
  tokenUser,
} from './model';
import { Refusal } from './refusal';
import { type Find } from './routes';

type Body = z.output<typeof updateBody>;

/** https://learn.microsoft.com/rest/api/azure/devops/git/pull-requests */
export function servePullRequests(app: Express, root: string, { repositoryOf, pullRequestOf }: Find): void {
  app.get(`${root}/pullrequests`, (request, response) => {
    const { $skip, $top, ...criteria } = queryOf(request, pullRequestsQuery);
    const repository = repositoryOf(request);
    const matching = repository.pullRequests.filter((each) => matches(each, criteria)).reverse();
    const page = matching.slice($skip, $skip + Math.min($top, 1_000));
    sendList(
      response,
      page.map((each) => pullRequestAnswer(repository, each, true)),
    );
  });
  app.post(`${root}/pullrequests`, (request, response) => {
    queryOf(request, noQuery);
    const { title, description, sourceRefName, targetRefName, isDraft } = bodyOf(request, createBody);
    const repository = repositoryOf(request);
    const [source, target] = [branchOf(sourceRefName), branchOf(targetRefName)];
    if (!repository.branches.has(source) || !repository.branches.has(target)) {
      // https://github.com/mburumaxwell/paklo/issues/1365
      throw new Refusal(
        400,
        'GitPullRequestCannotBeActivated',
        'TF401398: The pull request cannot be activated because the source and/or the target branch no longer exists, or the requested refs are not branches',
      );
    }
    const isSame = (each: PullRequestRecord): boolean =>
      each.status === 'active' && !each.isFork && each.source === source && each.target === target;
    if (repository.pullRequests.some(isSame)) {
      // https://github.com/shayki5/azure-devops-create-pr-task/issues/6 and https://github.com/Azure/azure-cli/issues/29914
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
    queryOf(request, noQuery);
    response.json(pullRequestAnswer(repositoryOf(request), pullRequestOf(request)));
  });
  app.patch(`${root}/pullrequests/:id`, (request, response) => {
    queryOf(request, noQuery);
    const body = bodyOf(request, updateBody);
    const repository = repositoryOf(request);
    const record = pullRequestOf(request);
    change(repository, record, body);
    response.json(pullRequestAnswer(repository, record));
  });
}

function matches(
  record: PullRequestRecord,
  {
    'searchCriteria.status': status,
    'searchCriteria.sourceRefName': source,
    'searchCriteria.targetRefName': target,
  }: Omit<z.output<typeof pullRequestsQuery>, '$top' | '$skip'>,
): boolean {
  return (
    (status === 'all' || status === record.status) &&
    [undefined, `refs/heads/${record.source}`].includes(source) &&
    [undefined, `refs/heads/${record.target}`].includes(target)
  );
}

function branchOf(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}

function change(repository: Repository, record: PullRequestRecord, body: Body): void {
  if (record.status !== 'active') {
    // https://github.com/microsoft/coe-starter-kit/issues/6729
    const words = 'TF401181: The pull request cannot be edited due to its state.';
    throw new Refusal(400, 'GitPullRequestNotEditableException', words);
  }
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
    // Known from other clients alone, as is the policy's below.
    const words = 'TF401192: The source branch has been modified since the last merge attempt.';
    throw new Refusal(409, 'GitPullRequestStaleException', words);
  }
  if (repository.closedToMerges.has(record.target)) {
    // https://github.com/shayki5/azure-devops-create-pr-task/issues/9
    const words = `TF401027: You need the Git 'PullRequestContribute' permission to perform this action. Details: identity '${tokenUser}', scope 'repository'.`;
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
