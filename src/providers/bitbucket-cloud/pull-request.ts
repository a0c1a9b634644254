import { type BranchPair, type PullRequest } from '../port';
import { type BitbucketPullRequest } from './schema';
import { quoted } from './repository-api';

/** What is needed of a pull request: lists leave some of it out, and say much else, unless they are asked. */
export const pullRequestFields = [
  ...['id', 'title', 'description', 'state', 'updated_on', 'links.html.href'],
  ...['source.branch.name', 'source.commit.hash', 'source.repository.full_name'],
  ...['destination.branch.name', 'destination.repository.full_name'],
  ...['closed_by.uuid', 'closed_by.nickname', 'closed_by.display_name'],
].join(',');

/** Bitbucket adds states, as for drafts and merge queues: open is what has not ended. */
const ended = ['MERGED', 'DECLINED', 'SUPERSEDED'] as const;

export const whichAreOpen = ended.map((state) => `state != ${quoted(state)}`).join(' AND ');
/** The parameter that makes a list show more than the open ones; next to a `q` it does nothing, and all of them are shown. */
export const inAnyState = ['OPEN', ...ended];

export function whichJoin({ head, base }: BranchPair): string {
  return `source.branch.name = ${quoted(head)} AND destination.branch.name = ${quoted(base)}`;
}

/** Forks list their pull requests with the destination's, and may use the same branch name. */
export function joins({ source, destination }: BitbucketPullRequest, branches: BranchPair): boolean {
  return (
    source.branch.name === branches.head &&
    destination.branch.name === branches.base &&
    source.repository?.full_name !== undefined &&
    source.repository.full_name === destination.repository?.full_name
  );
}

export function isOpen({ state }: Pick<BitbucketPullRequest, 'state'>): boolean {
  return !ended.some((each) => each === state);
}

export function pullRequestOf({ id, title, description, links }: BitbucketPullRequest): PullRequest {
  return { number: id, url: links.html.href, title, body: description ?? '' };
}
