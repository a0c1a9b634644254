import { pullRequestAnswer, sendOne, sendPage } from './answers';
import { mergeBody, parseBody, parseQuery } from './input';
import { type PullRequestRecord, type Repository, tokenUser } from './model';
import { all, type Served } from './pull-requests';
import { badField, Refusal } from './refusal';

/** Merges, and what keeps pull requests from being merged. */
export function serveMerges({ app, repositoryOf, pullRequestOf }: Served): void {
  const going = new Map<PullRequestRecord, { left: number; readonly done: () => void }>();
  app.post(`${all}/:id/merge`, (request, response) => {
    const repository = repositoryOf(request);
    const record = pullRequestOf(request);
    const { merge_strategy: strategy, close_source_branch: close } = parseBody(mergeBody, request);
    refuseUnmergeable(repository, record, strategy);
    const done = (): void => {
      repository.merge(record, strategy, close ?? record.closeSourceBranch, tokenUser);
    };
    if (repository.slowness > 0) {
      going.set(record, { left: repository.slowness, done });
      const task = `https://api.bitbucket.org${request.path}/task-status/${record.id}`;
      response.status(202).setHeader('Location', task).json('');
      return;
    }
    done();
    sendOne(request, response, pullRequestAnswer(repository, record));
  });
  app.get(`${all}/:id`, (request, _response, next) => {
    const merge = going.get(pullRequestOf(request));
    if (merge !== undefined) {
      merge.left -= 1;
      if (merge.left === 0) merge.done();
    }
    next();
  });
  app.get(`${all}/:id/mergeability/checks`, (request, response) => {
    parseQuery(request);
    const repository = repositoryOf(request);
    const record = pullRequestOf(request);
    const isOpen = record.state === 'OPEN';
    const builds = repository.unmetBuilds(record.head, record.destination);
    const checks = [
      { type: 'pullrequest_state_check', failed: !isOpen, reason: record.state.toLowerCase() },
      { type: 'current_user_permission_check', failed: false, reason: 'allowed' },
      {
        ...{ type: 'git_mergeability_check', failed: record.conflicts },
        reason: record.conflicts ? 'conflicts' : 'clean',
      },
      { type: 'standard_merge_check', failed: builds, reason: 'builds' },
    ];
    const answers = checks.map(({ type, failed, reason }) => ({
      ...{ type, status: failed ? 'FAILED' : 'PASSED', required: true, blocking: failed, reason },
    }));
    sendPage(request, response, answers);
  });
}

function refuseUnmergeable(repository: Repository, record: PullRequestRecord, strategy: string): void {
  if (record.state !== 'OPEN') throw badField('newstatus', 'This pull request is already closed.');
  if (!repository.mergeStrategies.includes(strategy))
    throw badField('merge_strategy', `"${strategy}" is not a valid choice.`);
  if (record.draft) throw new Refusal(400, "You can't merge a draft pull request.");
  if (record.conflicts) throw new Refusal(400, "You can't merge until you resolve all merge conflicts.");
  if (repository.unmetBuilds(record.head, record.destination))
    throw new Refusal(400, 'This pull request has failed merge checks.');
}
