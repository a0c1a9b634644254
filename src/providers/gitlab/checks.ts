import { WindlassError } from '../../domain/errors';
import { combineChecks, type CheckVerdict } from '../checks-state';
import { fitLine } from '../fit-texts';
import { type GateCheck, gatesCheckName, type PullRequestProvider } from '../port';
import { ApiRefusal } from '../rest/refusal';
import { type ProjectApi } from './project-api';
import { type GitlabStatus, statusesSchema, statusSchema } from './schema';

/** Of a description and of a target URL: columns of 255 characters. */
const maxLength = 255;

export function checksOn(api: ProjectApi): Pick<PullRequestProvider, 'setCheck' | 'checks'> {
  return {
    setCheck: async (check, signal) => {
      const wanted = { ...check, description: fitLine(check.description, maxLength) };
      const present = currentGates(await statusesOf(api, check.head, signal));
      if (present !== undefined && says(present, wanted)) return;
      for (const state of stepsTo(wanted.state, present?.status)) await set(api, wanted, state, signal);
    },
    checks: async (head, signal) => {
      const statuses = await statusesOf(api, head, signal);
      return combineChecks(statuses.filter(({ name }) => name !== gatesCheckName).map(verdictOf));
    },
  };
}

/** The statuses of a commit, in all its pipelines; of each name, the last one. */
async function statusesOf(
  { client, get }: ProjectApi,
  head: string,
  signal: AbortSignal,
): Promise<readonly GitlabStatus[]> {
  const list = get(`repository/commits/${encodeURIComponent(head)}/statuses`, { per_page: '100' });
  const listed = await client.request(statusesSchema, list, signal);
  const newestFirst = [...listed].sort((left, right) => right.id - left.id);
  return newestFirst.filter(
    (each, index) =>
      newestFirst.findIndex(({ name, ref }) => name === each.name && ref === each.ref) === index,
  );
}

/** GitLab looks at the newest pipeline alone: what an older one of the same commit says has to be said again. */
function currentGates(statuses: readonly GitlabStatus[]): GitlabStatus | undefined {
  const newest = Math.max(...statuses.map(({ pipeline_id: pipeline }) => pipeline ?? 0));
  return statuses.find(
    ({ name, pipeline_id: pipeline }) => name === gatesCheckName && (pipeline ?? newest) === newest,
  );
}

function says({ status, description, target_url }: GitlabStatus, wanted: GateCheck): boolean {
  const state = status === 'running' ? 'pending' : status;
  return (
    state === wanted.state &&
    (description ?? '') === wanted.description &&
    (target_url ?? '') === (targetOf(wanted) ?? '')
  );
}

/**
 * GitLab changes a status that is not finished only by moving it on, pending to running to an end, and refuses every
 * other step with 400; on a finished one, it begins a new one. Pending and running both keep a pipeline waiting.
 * https://docs.gitlab.com/api/commits/#set-commit-pipeline-status
 */
function stepsTo(
  wanted: GateCheck['state'],
  present: string | undefined,
): readonly ('pending' | 'running' | 'success' | 'canceled')[] {
  if (wanted === 'success') return ['success'];
  if (present === 'pending') return ['running'];
  return present === 'running' ? ['canceled', 'pending'] : ['pending'];
}

async function set(
  { request, project, client }: ProjectApi,
  wanted: GateCheck,
  state: 'pending' | 'running' | 'success' | 'canceled',
  signal: AbortSignal,
): Promise<void> {
  const targetUrl = targetOf(wanted);
  const texts = { name: gatesCheckName, description: wanted.description };
  const options = targetUrl === undefined ? texts : { ...texts, targetUrl };
  try {
    await request(statusSchema, signal, ({ commits }) =>
      commits.editStatus(project, wanted.head, state, options),
    );
  } catch (error) {
    // Another client set it in between.
    if (error instanceof ApiRefusal && (error.status === 409 || /cannot transition/i.test(error.words))) {
      const said = `${client.target.host} answered ${error.status} (${error.words})`;
      throw new WindlassError('provider-unavailable', `${said}: ${gatesCheckName} was being changed.`);
    }
    throw error;
  }
}

function targetOf({ url }: GateCheck): string | undefined {
  return url === undefined || url.length > maxLength ? undefined : url;
}

/** https://docs.gitlab.com/ci/jobs/#available-job-statuses */
function verdictOf({ status, allow_failure: mayFail }: GitlabStatus): CheckVerdict {
  if (status === 'success') return 'passed';
  if (status === 'skipped' || mayFail === true) return 'absent';
  return ['failed', 'canceled', 'canceling'].includes(status) ? 'failed' : 'pending';
}
