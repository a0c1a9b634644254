import { type Json, userAnswer } from './api-answers';
import { type GitCommit, type Signature } from './bare-repository';
import { type CheckRunRecord, type StatusRecord } from './commit-checks';
import { type HostedRepository } from './hosted-repository';

export function commitAnswer(
  forgeUrl: string,
  repository: HostedRepository,
  { id, message, author, committer }: GitCommit,
): Json {
  const api = `${forgeUrl}/api/v3/repos/${repository.fullName}`;
  return {
    sha: id,
    node_id: `C_${id}`,
    url: `${api}/commits/${id}`,
    html_url: `${forgeUrl}/${repository.fullName}/commit/${id}`,
    comments_url: `${api}/commits/${id}/comments`,
    commit: { message: message.trimEnd(), author, committer, url: `${api}/git/commits/${id}` },
    author: accountAnswer(forgeUrl, author),
    committer: accountAnswer(forgeUrl, committer),
  };
}

/** GitHub finds accounts by their addresses; of those, the forge knows the ones that GitHub gives to everyone. */
function accountAnswer(forgeUrl: string, { email }: Signature): Json | null {
  const login = /^(?:\d+\+)?([\w-]+)@users\.noreply\.github\.com$/.exec(email)?.[1];
  return login === undefined ? null : userAnswer(forgeUrl, login);
}

export function statusAnswer(
  forgeUrl: string,
  repository: HostedRepository,
  commit: string,
  { id, state, context, description, targetUrl, createdAt }: StatusRecord,
): Json {
  const url = `${forgeUrl}/api/v3/repos/${repository.fullName}/statuses/${commit}`;
  const times = { created_at: createdAt, updated_at: createdAt };
  return { id, node_id: `SC_${id}`, url, state, context, description, target_url: targetUrl, ...times };
}

export function combinedStatusAnswer(
  forgeUrl: string,
  repository: HostedRepository,
  commit: string,
  { all, page }: { readonly all: readonly StatusRecord[]; readonly page: readonly StatusRecord[] },
): Json {
  const states = new Set(all.map(({ state }) => state));
  const failed = states.has('failure') || states.has('error');
  return {
    // Pending where there is none: https://docs.github.com/rest/commits/statuses
    state: failed ? 'failure' : states.has('pending') || all.length === 0 ? 'pending' : 'success',
    statuses: page.map((status) => statusAnswer(forgeUrl, repository, commit, status)),
    sha: commit,
    total_count: all.length,
    commit_url: `${forgeUrl}/api/v3/repos/${repository.fullName}/commits/${commit}`,
    url: `${forgeUrl}/api/v3/repos/${repository.fullName}/commits/${commit}/status`,
  };
}

export function checkRunAnswer(
  forgeUrl: string,
  { fullName }: HostedRepository,
  commit: string,
  { id, name, status, conclusion }: CheckRunRecord,
): Json {
  return {
    ...{ id, node_id: `CR_${id}`, head_sha: commit, name, status, conclusion },
    url: `${forgeUrl}/api/v3/repos/${fullName}/check-runs/${id}`,
    html_url: `${forgeUrl}/${fullName}/runs/${id}`,
  };
}
