import { combineChecks, type CheckVerdict } from '../checks-state';
import { fitLine } from '../fit-texts';
import { type GateCheck, type PullRequestProvider } from '../port';
import { notYetAt, openAt } from './follow';
import { contextKey, gatesContext, isGates } from './gates-status';
import { readPullRequest } from './pull-request';
import { type RepositoryApi } from './repository-api';
import {
  type AzureEvaluation,
  type AzureStatus,
  evaluationsSchema,
  iterationsSchema,
  statusesSchema,
} from './schema';

/** The API does not say how long one may be. */
const maxDescription = 255;
/** https://learn.microsoft.com/azure/devops/repos/git/branch-policies#build-validation */
const buildPolicy = '0609b952-1397-4640-95ec-e00a01b2c241';

/**
 * Branch policies look at the statuses of pull requests, and not at those of commits
 * (https://learn.microsoft.com/azure/devops/repos/git/pull-request-status). A status is of an iteration, which a push begins:
 * a policy that resets statuses at a push refuses all others.
 */
export function checksOn(api: RepositoryApi): Pick<PullRequestProvider, 'setCheck' | 'checks'> {
  const { client, git } = api;
  return {
    setCheck: async (check, signal) => {
      const number = check.pullRequest?.number ?? (await openAt(api, check.head, signal)).pullRequestId;
      const iteration = await iterationAt(api, number, check.head, signal);
      const wanted = statusFor(check);
      const present = (await statusesOf(api, number, signal)).find(
        (each) => each.iterationId === iteration && isGates(each.context ?? {}),
      );
      if (present !== undefined && says(present, wanted)) return;
      const status = { ...wanted, iterationId: iteration, context: gatesContext };
      await client.send(git('POST', `pullRequests/${number}/statuses`, {}, status), signal);
    },
    checks: async (head, signal, pullRequest) => {
      const found =
        pullRequest === undefined
          ? await openAt(api, head, signal)
          : await readPullRequest(api, pullRequest.number, signal);
      const number = found.pullRequestId;
      const iteration = await iterationAt(api, number, head, signal);
      const ofPullRequest = (await statusesOf(api, number, signal)).filter(
        ({ iterationId }) => (iterationId ?? iteration) === iteration,
      );
      const ofCommit = await statusesOfCommit(api, head, signal);
      const builds = await evaluationsOf(api, found.repository.project.id, number, signal);
      const statuses = [...newestOfEach(ofPullRequest), ...newestOfEach(ofCommit)];
      return combineChecks([
        ...statuses.filter(({ context }) => !isGates(context ?? {})).map(statusVerdict),
        ...builds.map(buildVerdict),
      ]);
    },
  };
}

type WantedStatus = Required<Pick<AzureStatus, 'state' | 'description'>> & Pick<AzureStatus, 'targetUrl'>;

function statusFor({ state, description, url }: GateCheck): WantedStatus {
  return {
    state: state === 'success' ? 'succeeded' : 'pending',
    description: fitLine(description, maxDescription),
    ...(url === undefined ? {} : { targetUrl: url }),
  };
}

function says({ state, description, targetUrl }: AzureStatus, wanted: WantedStatus): boolean {
  return (
    state === wanted.state &&
    (description ?? '') === wanted.description &&
    (targetUrl ?? '') === (wanted.targetUrl ?? '')
  );
}

/** The last push that led to this commit. */
async function iterationAt(
  api: RepositoryApi,
  number: number,
  head: string,
  signal: AbortSignal,
): Promise<number> {
  const { client, git } = api;
  const list = git('GET', `pullRequests/${number}/iterations`);
  const iterations = await client.request(iterationsSchema, list, signal);
  const ids = iterations
    .filter(({ sourceRefCommit }) => sourceRefCommit?.commitId === head)
    .map(({ id }) => id);
  if (ids.length === 0) throw notYetAt(api, `!${number}`, head);
  return Math.max(...ids);
}

/** All that the pull request has had, the newest first. */
async function statusesOf(
  { client, git }: RepositoryApi,
  number: number,
  signal: AbortSignal,
): Promise<readonly AzureStatus[]> {
  const list = git('GET', `pullRequests/${number}/statuses`);
  return newestFirst(await client.request(statusesSchema, list, signal));
}

async function statusesOfCommit(
  { client, git }: RepositoryApi,
  head: string,
  signal: AbortSignal,
): Promise<readonly AzureStatus[]> {
  const list = git('GET', `commits/${head}/statuses`, { latestOnly: 'true', top: 100 });
  return newestFirst(await client.request(statusesSchema, list, signal));
}

/** Builds that a policy of the base branch requires. */
async function evaluationsOf(
  { client, ofProject }: RepositoryApi,
  project: string,
  number: number,
  signal: AbortSignal,
): Promise<readonly AzureEvaluation[]> {
  const artifactId = `vstfs:///CodeReview/CodeReviewId/${project}/${number}`;
  const list = ofProject('policy/evaluations', { artifactId, $top: 100 }, true);
  const evaluations = await client.request(evaluationsSchema, list, signal);
  return evaluations.filter(
    ({ configuration: by }) =>
      by?.type.id === buildPolicy &&
      by.isBlocking === true &&
      by.isEnabled !== false &&
      by.isDeleted !== true,
  );
}

function newestFirst(statuses: readonly AzureStatus[]): readonly AzureStatus[] {
  return [...statuses].sort((left, right) => right.id - left.id);
}

function newestOfEach(statuses: readonly AzureStatus[]): readonly AzureStatus[] {
  const keys = statuses.map(({ context }) => contextKey(context ?? {}));
  return statuses.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
}

function statusVerdict({ state }: AzureStatus): CheckVerdict {
  switch (state) {
    case 'succeeded':
      return 'passed';
    case 'notApplicable':
      return 'absent';
    case 'failed':
    case 'error':
      return 'failed';
    default:
      return 'pending';
  }
}

function buildVerdict({ status }: AzureEvaluation): CheckVerdict {
  switch (status) {
    case 'approved':
      return 'passed';
    case 'notApplicable':
      return 'absent';
    case 'rejected':
    case 'broken':
      return 'failed';
    default:
      return 'pending';
  }
}
