import { type Logger } from 'pino';
import { WindlassError } from '../../domain/errors';
import { type PromotionTask, type PullRequestOpened } from '../../domain/promotion/promotion';
import { gatesCheckName } from '../../providers/port';
import { type Authority } from '../authority';
import { type ProposalGates } from '../promotion-activities';
import { type PullRequestDependencies, resolvePullRequestContext } from './pull-request-context';
import { showGates, whyNotOpen } from './tell-gates';
import { promotionIdOf } from '../../workflows/contract/ids';

/**
 * Sets the check `windlass/gates` of a pull request that was just opened, and reads whether it is required. A token that may
 * not set it, as earlier documentation asked for, does not fail the promotion.
 * @throws WindlassError that is worth another attempt
 */
export async function showGatesOnProposal(
  dependencies: PullRequestDependencies & {
    readonly authority?: Pick<Authority, 'require'>;
    readonly log: Logger;
  },
  task: PromotionTask,
  opened: PullRequestOpened,
  { closed: said, matter }: ProposalGates,
  signal: AbortSignal,
): Promise<PullRequestOpened> {
  const { number, head, capability } = opened;
  const context = await resolvePullRequestContext(dependencies, task);
  if ('gone' in context || head === undefined) return opened;
  const { provider, base, branch } = context;
  const shown = capability === undefined ? task : { ...task, proposed: capability };
  const closed = said ?? (await whyNotOpen(dependencies.authority, shown, head));
  const page = dependencies.promotionPage(promotionIdOf(task))?.url;
  try {
    const told = { closed, checkOnly: closed === undefined, page };
    await showGates(provider, { number, head }, told, signal);
    const enforced = matter ? await provider.requiresCheck(base, signal) : undefined;
    return enforced === undefined ? opened : { ...opened, enforced };
  } catch (error) {
    if (!(error instanceof WindlassError) || error.retryable) throw error;
    dependencies.log.warn(
      { branch, code: error.code },
      `The check ${gatesCheckName} was not set. ${error.message}`,
    );
    return opened;
  }
}
