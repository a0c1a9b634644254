import { type FollowedRepository } from '../../domain/promotion/followed-repository';
import { connectProvider, type ProviderDependencies } from './connect-provider';
import { openHead } from './open-head';
import { gatesCommentKey } from './tell-gates';

/**
 * Says on a pull request that its promotion has ended, and why: closes it, or leaves it open with a check that no longer waits.
 * @param comment Markdown
 * @throws WindlassError
 */
export async function partFromPullRequest(
  dependencies: ProviderDependencies,
  repository: FollowedRepository,
  number: number,
  { close, comment }: { readonly close: boolean; readonly comment: string },
  signal: AbortSignal,
): Promise<void> {
  const { provider } = connectProvider(dependencies, repository);
  const head = await openHead(provider, { number }, signal);
  if (head === undefined) return;
  if (close) {
    await provider.close({ number, url: '', title: '', body: '' }, comment, signal);
    return;
  }
  await provider.comment({ number }, { key: gatesCommentKey, body: comment }, signal);
  const description = 'Windlass no longer follows this pull request.';
  await provider.setCheck({ head, state: 'success', description }, signal);
}
