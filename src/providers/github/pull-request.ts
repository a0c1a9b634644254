import { type BranchPair, type PullRequest } from '../port';
import { type GithubPullRequest } from './schema';

/** GitHub ignores a `head` that it does not understand, and lists all: trust only what the answer says. */
export function joins({ head, base }: GithubPullRequest, branches: BranchPair): boolean {
  const fromFork = head.repo?.full_name !== base.repo?.full_name;
  return !fromFork && head.ref === branches.head && base.ref === branches.base;
}

export function pullRequestOf({ number, html_url, title, body }: GithubPullRequest): PullRequest {
  return { number, url: html_url, title, body: body ?? '' };
}
