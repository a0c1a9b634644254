import { WindlassError } from '../domain/errors';
import { newDescription, updatedDescription } from './description';
import { fitLine } from './fit-texts';
import { type PullRequest, type PullRequestDraft, type PullRequestProvider } from './port';
import { sameText } from './same-text';

export interface EnsuredPullRequest {
  readonly pullRequest: PullRequest;
  readonly change: 'created' | 'updated' | 'unchanged';
}

/** Find, create, and find one that was created in between; a second round is for one that was closed in between. */
const rounds = 2;

/**
 * Ensures exactly one open pull request from the draft's head into its base, with the draft's texts, cut to the provider's
 * limits. What people added to the description stays. Safe to repeat after any crash and to run concurrently: the provider
 * rejects a second one for the same branches.
 * @param beforeCreate throws where none must be opened
 * @throws WindlassError of the provider; provider-unavailable if its answers contradict each other
 */
export async function ensurePullRequest(
  provider: PullRequestProvider,
  draft: PullRequestDraft,
  signal: AbortSignal,
  beforeCreate: () => Promise<void> = () => Promise.resolve(),
): Promise<EnsuredPullRequest> {
  const { limits, marks } = provider;
  const wanted = { ...draft, title: fitLine(draft.title, limits.title) };
  const asNew = { ...wanted, body: newDescription(draft.body, limits.body, marks) };
  for (let round = 0; round < rounds; round++) {
    const open = await provider.findOpen(wanted, signal);
    if (open !== undefined) return bringUpToDate(provider, open, wanted, signal);
    await beforeCreate();
    const created = await provider.create(asNew, signal);
    if (created !== undefined) return { pullRequest: created, change: 'created' };
  }
  throw new WindlassError(
    'provider-unavailable',
    `The provider says that a pull request from ${draft.head} into ${draft.base} is open, but lists none.`,
  );
}

async function bringUpToDate(
  provider: PullRequestProvider,
  open: PullRequest,
  wanted: PullRequestDraft,
  signal: AbortSignal,
): Promise<EnsuredPullRequest> {
  const { title } = wanted;
  const body = sameText(open.body, wanted.body)
    ? open.body
    : updatedDescription(open.body, wanted.body, provider.limits.body, provider.marks);
  if (sameText(open.title, title) && sameText(open.body, body))
    return { pullRequest: open, change: 'unchanged' };
  return { pullRequest: await provider.update(open, { title, body }, signal), change: 'updated' };
}
