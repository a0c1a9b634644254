import { type BranchPair, type PullRequest } from '../port';
import { withoutDraft } from './draft-title';
import { type GitlabMergeRequest } from './schema';

/** Forks list their merge requests with the target's, and may use the same branch name. */
export function joins(listed: GitlabMergeRequest, branches: BranchPair): boolean {
  return (
    listed.source_project_id === listed.target_project_id &&
    listed.source_branch === branches.head &&
    listed.target_branch === branches.base
  );
}

export function pullRequestOf({ iid, web_url, title, description }: GitlabMergeRequest): PullRequest {
  return { number: iid, url: web_url, title: withoutDraft(title), body: description ?? '' };
}
