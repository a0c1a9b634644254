import { type FollowedRepository } from '../../domain/promotion/followed-repository';
import { markdownParagraphs, plainSentence, type Sentence } from '../../domain/rich-text';
import { connectProvider, type ProviderDependencies } from './connect-provider';

/** One comment for all that gates have to say. */
const commentKey = 'gates';
const open: Sentence = { said: ['The gates are open.'] };

/**
 * Says on an open pull request whether its gates are open: as the check `windlass/gates`, and in a comment that is edited.
 * @param closed what the closed gates say; undefined: they are open again
 * @throws WindlassError
 */
export async function tellGates(
  dependencies: ProviderDependencies,
  repository: FollowedRepository,
  number: number,
  closed: Sentence | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { provider } = connectProvider(dependencies, repository);
  const { states } = await provider.changes({ numbers: [number] }, signal);
  const head = states.find((state) => state.number === number && state.state === 'open')?.head;
  if (head === undefined) return;
  const said = closed ?? open;
  await provider.comment({ number }, { key: commentKey, body: markdownParagraphs(said) }, signal);
  const state = closed === undefined ? 'success' : 'pending';
  await provider.setCheck({ head, state, description: plainSentence(said) }, signal);
}
