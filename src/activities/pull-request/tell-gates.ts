import { WindlassError } from '../../domain/errors';
import { type FollowedRepository } from '../../domain/promotion/followed-repository';
import { type PromotionTask } from '../../domain/promotion/promotion';
import { markdownParagraphs, plainSentence, type Sentence } from '../../domain/rich-text';
import { type PullRequestProvider } from '../../providers/port';
import { type PipelineStore } from '../../store/pipeline-store';
import { type Authority } from '../authority';
import { GatesClosed } from '../gates-closed';
import { type ShownProposal } from '../promotion-activities';
import { connectNamedProvider, type NamedProviderDependencies } from './connect-provider';
import { openHead } from './open-head';
import { ownOpenHead } from './own-proposal';

/** One comment for all that gates have to say. */
export const gatesCommentKey = 'gates';
const open: Sentence = { said: ['The gates are open.'] };

export interface TellDependencies extends NamedProviderDependencies {
  readonly store: NamedProviderDependencies['store'] & Pick<PipelineStore, 'pipeline'>;
  /** Absent: there is no key, and nothing is verified. */
  readonly authority?: Pick<Authority, 'require'>;
}

export interface ToldGates {
  /** What the closed gates say; undefined: all are open. */
  readonly closed: Sentence | undefined;
  /** Without the comment: there was none. */
  readonly checkOnly: boolean;
  /** Of the promotion, for the link of the check; undefined: there is none. */
  readonly page: string | undefined;
}

/**
 * Says on an open pull request whether its gates are open: as the check `windlass/gates`, and in a comment that is edited. It
 * succeeds only on the commit whose gates are open, and if what people decided is vouched for.
 * @param proposal absent: code of an older worker tells it
 * @throws WindlassError
 */
export async function tellGates(
  dependencies: TellDependencies,
  repository: FollowedRepository,
  number: number,
  { closed, checkOnly, page }: ToldGates,
  proposal: ShownProposal | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { authority, store } = dependencies;
  const { provider } = await connectNamedProvider(dependencies, repository);
  const head =
    proposal === undefined
      ? await openHead(provider, { number }, signal)
      : await ownOpenHead(provider, store, { number, ...proposal }, signal);
  if (head === undefined) return;
  // Someone has pushed since: the promotion looks at that commit before anything is said of it.
  if (closed === undefined && proposal?.head !== undefined && proposal.head !== head) return;
  const refused = closed === undefined ? await whyNotOpen(authority, proposal?.task, head) : undefined;
  await showGates(provider, { number, head }, { closed: closed ?? refused, checkOnly, page }, signal);
}

/**
 * Whether the gates of a pull request with that head may be shown as open.
 * @param task with what was decided, and what vouches for its commit (`proposed`); undefined: nothing does
 * @returns undefined: they may
 * @throws WindlassError lane-unavailable, store-unavailable
 */
export async function whyNotOpen(
  authority: Pick<Authority, 'require'> | undefined,
  task: PromotionTask | undefined,
  head: string,
): Promise<Sentence | undefined> {
  if (authority === undefined) return undefined;
  if (task === undefined) return { said: ['Nothing vouches for what opened the gates.'] };
  try {
    await authority.require(task, { head, proposed: task.proposed, isShown: true });
    return undefined;
  } catch (error) {
    if (error instanceof GatesClosed) return { said: [error.message] };
    if (error instanceof WindlassError && error.code === 'not-authorized') return { said: [error.fault] };
    throw error;
  }
}

/** The same on a pull request whose head is known. @throws WindlassError */
export async function showGates(
  provider: PullRequestProvider,
  { number, head }: { readonly number: number; readonly head: string },
  { closed, checkOnly, page }: ToldGates,
  signal: AbortSignal,
): Promise<void> {
  const said = closed ?? open;
  if (!checkOnly) {
    await provider.comment({ number }, { key: gatesCommentKey, body: markdownParagraphs(said) }, signal);
  }
  const state = closed === undefined ? 'success' : 'pending';
  // Services have room for about a line: the sentence that is the same everywhere.
  const description = plainSentence({ said: said.said });
  const link = page === undefined ? {} : { url: page };
  await provider.setCheck({ head, state, description, ...link, pullRequest: { number } }, signal);
}
