import { z } from 'zod';
import { type MergeOutcome, type PullRequestProvider } from '../port';
import { ApiRefusal } from '../rest/refusal';
import { stateOf } from './follow';
import { hasTrains, isOnTrain } from './merge-train';
import { type ProjectApi } from './project-api';
import { endedMergeRequestSchema, type GitlabEndedMergeRequest } from './schema';

/**
 * 401: who has the token may not merge there; 405 and 422: not mergeable; 409: its head moved.
 * https://docs.gitlab.com/api/merge_requests/#merge-a-merge-request
 */
const refusals = new Set([400, 401, 403, 405, 406, 409, 422]);
const maxWords = 500;

type Because = Extract<MergeOutcome, { readonly merged: false }>['because'];

/** What GitLab said to a request. */
interface Answer {
  readonly isMerged?: boolean;
  /** Of a refusal. */
  readonly status?: number;
  readonly words?: string;
}

export function mergeOn(api: ProjectApi): PullRequestProvider['merge'] {
  return async ({ number }, asked, signal) => {
    const byTrain = await hasTrains(api, signal);
    const answer = await (byTrain ? board : mergeNow)(api, number, asked, signal);
    if (answer.isMerged === true) return { merged: true };
    if (byTrain && (await isOnTrain(api, number, signal))) {
      return { merged: false, because: 'queued', words: 'It is on the merge train of its target branch.' };
    }
    // The words say little; the merge request itself says what is wrong with it. A wrong token fails here, too.
    const found = await show(api, number, signal);
    if (found.state === 'merged') return { merged: true };
    const said = [answer.words, found.detailed_merge_status].filter(
      (each) => each !== undefined && each !== '',
    );
    return {
      merged: false,
      because: because(found, asked.head, answer.status),
      words: said.join(': ').slice(0, maxWords),
    };
  };
}

type Asked = Parameters<PullRequestProvider['merge']>[1];

async function mergeNow(
  { request, project }: ProjectApi,
  number: number,
  { head, manner: { squash, deleteBranch } }: Asked,
  signal: AbortSignal,
): Promise<Answer> {
  const manner = {
    ...(squash === undefined ? {} : { squash }),
    ...(deleteBranch === undefined ? {} : { shouldRemoveSourceBranch: deleteBranch }),
  };
  return unlessRefused(async () => {
    const { state } = await request(endedMergeRequestSchema, signal, ({ mergeRequests }) =>
      mergeRequests.merge(project, number, { sha: head, ...manner }),
    );
    return { isMerged: state === 'merged' };
  });
}

/**
 * Without `sha`, GitLab takes the merge request off its train again (https://gitlab.com/gitlab-org/gitlab/-/issues/409339). Of
 * the branch, a train reads the merge request's own setting.
 */
async function board(
  api: ProjectApi,
  number: number,
  { head, manner: { squash, deleteBranch } }: Asked,
  signal: AbortSignal,
): Promise<Answer> {
  const { project, request } = api;
  if (await isOnTrain(api, number, signal)) return {};
  const present = await show(api, number, signal);
  if (present.state !== 'opened' || present.sha !== head) return {};
  if (deleteBranch !== undefined && (present.force_remove_source_branch ?? false) !== deleteBranch) {
    await request(endedMergeRequestSchema, signal, ({ mergeRequests }) =>
      mergeRequests.edit(project, number, { removeSourceBranch: deleteBranch }),
    );
  }
  const options = { sha: head, ...(squash === undefined ? {} : { squash }) };
  return unlessRefused(async () => {
    await request(z.unknown(), signal, ({ mergeTrains }) =>
      mergeTrains.addMergeRequest(project, number, options),
    );
    return {};
  });
}

function show({ request, project }: ProjectApi, number: number, signal: AbortSignal) {
  return request(endedMergeRequestSchema, signal, ({ mergeRequests }) => mergeRequests.show(project, number));
}

async function unlessRefused(send: () => Promise<Answer>): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof ApiRefusal) || !refusals.has(error.status)) throw error;
    return { status: error.status, words: error.words };
  }
}

/** https://docs.gitlab.com/api/merge_requests/#merge-status */
function because(found: GitlabEndedMergeRequest, expected: string, status: number | undefined): Because {
  if (stateOf(found).state === 'closed') return 'not-allowed';
  if (found.sha !== expected) return 'head-moved';
  switch (found.detailed_merge_status) {
    case 'conflict':
    case 'broken_status':
      return 'conflict';
    case 'need_rebase':
      return 'behind';
    default:
      return status === 401 || status === 403 ? 'not-allowed' : 'not-ready';
  }
}
