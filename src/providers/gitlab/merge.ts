import { type MergeOutcome, type PullRequestProvider } from '../port';
import { ApiRefusal } from '../rest/refusal';
import { stateOf } from './follow';
import { type ProjectApi } from './project-api';
import { endedMergeRequestSchema, type GitlabEndedMergeRequest } from './schema';

/**
 * 401: who has the token may not merge there; 405 and 422: not mergeable; 409: its head moved.
 * https://docs.gitlab.com/api/merge_requests/#merge-a-merge-request
 */
const refusals = new Set([400, 401, 403, 405, 406, 409, 422]);
const maxWords = 500;

type Because = Extract<MergeOutcome, { readonly merged: false }>['because'];

export function mergeOn({ request, project }: ProjectApi): PullRequestProvider['merge'] {
  return async ({ number }, { head }, signal) => {
    let words = '';
    let status = 0;
    try {
      const answer = await request(endedMergeRequestSchema, signal, ({ mergeRequests }) =>
        mergeRequests.merge(project, number, { sha: head }),
      );
      if (answer.state === 'merged') return { merged: true };
    } catch (error) {
      if (!(error instanceof ApiRefusal) || !refusals.has(error.status)) throw error;
      ({ words, status } = error);
    }
    // The words say little; the merge request itself says what is wrong with it. A wrong token fails here, too.
    const found = await request(endedMergeRequestSchema, signal, ({ mergeRequests }) =>
      mergeRequests.show(project, number),
    );
    if (found.state === 'merged') return { merged: true };
    const said = [words, found.detailed_merge_status ?? ''].filter((each) => each !== '').join(': ');
    return { merged: false, because: because(found, head, status), words: said.slice(0, maxWords) };
  };
}

/** https://docs.gitlab.com/api/merge_requests/#merge-status */
function because(found: GitlabEndedMergeRequest, expected: string, status: number): Because {
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
