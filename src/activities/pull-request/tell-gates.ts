import { type FollowedRepository } from '../../domain/promotion/followed-repository';
import { connectProvider, type ProviderDependencies } from './connect-provider';

/** One comment for all that gates have to say. */
const commentKey = 'gates';

/**
 * Says on an open pull request whether its gates are open: as the check `windlass/gates`, and in a comment that is edited.
 * @param closed what the closed gates say, in Markdown; undefined: they are open again
 * @throws WindlassError
 */
export async function tellGates(
  dependencies: ProviderDependencies,
  repository: FollowedRepository,
  number: number,
  closed: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const { provider } = connectProvider(dependencies, repository);
  const { states } = await provider.changes({ numbers: [number] }, signal);
  const head = states.find((state) => state.number === number && state.state === 'open')?.head;
  if (head === undefined) return;
  await provider.comment({ number }, { key: commentKey, body: closed ?? 'The gates are open.' }, signal);
  await provider.setCheck(
    closed === undefined
      ? { head, state: 'success', description: 'The gates are open.' }
      : { head, state: 'pending', description: closed.replace(/[*`\\]/g, '') },
    signal,
  );
}
