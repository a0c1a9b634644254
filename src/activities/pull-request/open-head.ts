import { type Numbered, type PullRequestProvider } from '../../providers/port';

/** The head of a pull request, a commit id; undefined where it is not open. @throws WindlassError */
export async function openHead(
  provider: PullRequestProvider,
  { number }: Numbered,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { states } = await provider.changes({ numbers: [number] }, signal);
  return states.find((each) => each.number === number && each.state === 'open')?.head;
}
