import { type Express, type Request } from 'express';
import { pageAnswer, pullRequestAnswer, userAnswer } from './answers';
import { deleteBranchBody, mergeBody, noQuery, pageQuery, parseInput, versionQuery } from './input';
import { type BitbucketRepository, type PullRequestRecord, tokenUser } from './model';
import { branchOf, pullRequestOf, requireOpen, requireVersion } from './pull-requests';
import { Refusal } from './refusal';

interface Veto {
  readonly summaryMessage: string;
  readonly detailedMessage: string;
}

/** Merges and what has a say in them: merge checks, strategies, reviewer groups, the branch afterwards. */
export function serveMerges(
  app: Express,
  root: string,
  url: string,
  repositoryOf: (request: Request) => BitbucketRepository,
): void {
  const path = `${root}/pull-requests/:id/merge`;
  app.get(path, (request, response) => {
    parseInput(noQuery, request.query);
    const repository = repositoryOf(request);
    const record = pullRequestOf(repository, request);
    requireOpen(record);
    const vetoes = vetoesOf(repository, record);
    const { isConflicted: conflicted } = record;
    const canMerge = !conflicted && vetoes.length === 0;
    response.json({ canMerge, conflicted, outcome: conflicted ? 'CONFLICTED' : 'CLEAN', vetoes });
  });
  app.post(path, (request, response) => {
    const repository = repositoryOf(request);
    const record = pullRequestOf(repository, request);
    const [first = 'no-ff'] = repository.strategies;
    const { strategyId = first } = parseInput(mergeBody, request.body ?? {});
    requireVersion(record, parseInput(versionQuery, request.query).version);
    requireOpen(record);
    if (!repository.strategies.includes(strategyId)) {
      throw vetoed(`The merge strategy '${strategyId}' is not enabled for this repository.`, false, []);
    }
    if (record.isConflicted) throw vetoed('The pull request has conflicts and cannot be merged.', true, []);
    const vetoes = vetoesOf(repository, record);
    if (vetoes.length > 0) throw vetoed('Merging the pull request has been vetoed.', false, vetoes);
    repository.end(record, 'MERGED', tokenUser);
    repository.parentsOfMain = strategyId.startsWith('squash') ? 1 : 2;
    response.json(pullRequestAnswer(url, repository, record));
  });
  app.get(`${root}/settings/pull-requests`, (request, response) => {
    const { strategies } = repositoryOf(request);
    const known = ['no-ff', 'ff', 'ff-only', 'squash', 'squash-ff-only'];
    const all = known.map((id) => ({ id, name: id, flag: `--${id}`, enabled: strategies.includes(id) }));
    const defaultStrategy = all.find(({ id }) => id === strategies[0]);
    response.json({ mergeConfig: { type: 'REPOSITORY', defaultStrategy, strategies: all } });
  });
  app.get(`${root}/settings/reviewer-groups`, (request, response) => {
    const groups = [...repositoryOf(request).groups].map(([name, users], id) => ({
      ...{ id, name, users: users.map(userAnswer), scope: { type: 'PROJECT', resourceId: 1 } },
    }));
    response.json(pageAnswer(groups, parseInput(pageQuery, request.query)));
  });
  const name = '/projects/:project/repos/:slug';
  app.get(`/rest/required-builds/latest${name}/conditions`, (request, response) => {
    const { conditions } = repositoryOf(request);
    response.json(pageAnswer(conditions, parseInput(pageQuery, request.query)));
  });
  app.delete(`/rest/branch-utils/latest${name}/branches`, (request, response) => {
    const { branches } = repositoryOf(request);
    const { name: ref, endPoint } = parseInput(deleteBranchBody, request.body);
    const at = branches.get(branchOf(ref));
    if (ref === 'refs/heads/main') throw new Refusal(400, 'The default branch cannot be deleted.');
    if (endPoint !== undefined && at !== undefined && at !== endPoint) {
      throw new Refusal(400, `The ref ${ref} is at ${at}, and not at ${endPoint}.`);
    }
    branches.delete(branchOf(ref));
    response.status(204).end();
  });
}

function vetoed(words: string, conflicted: boolean, vetoes: readonly Veto[]): Refusal {
  return new Refusal(409, words, 'pull.PullRequestMergeVetoedException', { conflicted, vetoes });
}

function vetoesOf(repository: BitbucketRepository, record: PullRequestRecord): readonly Veto[] {
  const builds = [...(repository.builds.get(record.fromCommit)?.values() ?? [])];
  const missing = repository.conditions
    .filter(({ refMatcher: { id, type } }) => type.id === 'ANY_REF' || id === `refs/heads/${record.to}`)
    .flatMap(({ buildParentKeys }) => buildParentKeys)
    .filter((key) => !builds.some(({ parent, state }) => parent === key && state === 'SUCCESSFUL'));
  const draft = { summaryMessage: 'Draft', detailedMessage: 'This pull request is a draft.' };
  return [
    ...(record.draft ? [draft] : []),
    ...missing.map((key) => ({
      summaryMessage: 'Not all required builds are successful yet',
      detailedMessage: `The required build ${key} is not successful.`,
    })),
  ];
}
