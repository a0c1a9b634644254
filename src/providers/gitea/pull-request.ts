import { type PullRequestState } from '../../domain/promotion/pull-request-state';
import { type BranchPair, type PullRequest } from '../port';
import { plainTitle } from './draft-title';
import { type GiteaPullRequest } from './schema';

/** Forks list theirs with the base repository's, and may use the same branch name; those of AGit have no branch. */
export function joins({ head, base }: GiteaPullRequest, branches: BranchPair): boolean {
  return head.repo_id === base.repo_id && head.label === branches.head && base.label === branches.base;
}

export function pullRequestOf(found: GiteaPullRequest): PullRequest {
  return { number: found.number, url: found.html_url, title: plainTitle(found), body: found.body };
}

/** Of a list: a single answer says of an ended one where its branch is now. Lists do not say who ended it. */
export function stateOf({ number, state, head, merged, ...end }: GiteaPullRequest): PullRequestState {
  const known = { number, ...(head.sha === '' ? {} : { head: head.sha }) };
  if (state === 'open' && !merged) return { ...known, state };
  const at = Date.parse((merged ? end.merged_at : end.closed_at) ?? '');
  const by = merged ? end.merged_by?.login : undefined;
  return {
    ...known,
    state: merged ? 'merged' : 'closed',
    ...(by === undefined ? {} : { by }),
    ...(Number.isNaN(at) ? {} : { at }),
  };
}
