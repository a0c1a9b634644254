import { type FollowedRepository } from '../../domain/promotion/followed-repository';
import { markdownParagraphs, plainSentence, type Sentence } from '../../domain/rich-text';
import { type PullRequestProvider } from '../../providers/port';
import { connectProvider, type ProviderDependencies } from './connect-provider';
import { openHead } from './open-head';

/** One comment for all that gates have to say. */
export const gatesCommentKey = 'gates';
const open: Sentence = { said: ['The gates are open.'] };

/**
 * Says on an open pull request whether its gates are open: as the check `windlass/gates`, and in a comment that is edited.
 * @param closed what the closed gates say; undefined: all are open
 * @param checkOnly without the comment: there was none
 * @throws WindlassError
 */
export async function tellGates(
  dependencies: ProviderDependencies,
  repository: FollowedRepository,
  number: number,
  { closed, checkOnly }: { readonly closed: Sentence | undefined; readonly checkOnly: boolean },
  signal: AbortSignal,
): Promise<void> {
  const { provider } = connectProvider(dependencies, repository);
  const head = await openHead(provider, { number }, signal);
  if (head === undefined) return;
  await showGates(provider, { number, head }, { closed, checkOnly }, signal);
}

/** The same on a pull request whose head is known. @throws WindlassError */
export async function showGates(
  provider: PullRequestProvider,
  { number, head }: { readonly number: number; readonly head: string },
  { closed, checkOnly }: { readonly closed: Sentence | undefined; readonly checkOnly: boolean },
  signal: AbortSignal,
): Promise<void> {
  const said = closed ?? open;
  if (!checkOnly) {
    await provider.comment({ number }, { key: gatesCommentKey, body: markdownParagraphs(said) }, signal);
  }
  const state = closed === undefined ? 'success' : 'pending';
  // Services have room for about a line: the sentence that is the same everywhere.
  await provider.setCheck({ head, state, description: plainSentence({ said: said.said }) }, signal);
}
