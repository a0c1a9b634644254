import { newestPromotion } from '../../domain/promotion/promotion-branch';
import { type PromotionTask } from '../../domain/promotion/promotion';
import { closingComment } from '../../domain/promotion/sentences';
import { branchHistoryLimit } from './open-pull-request';
import { resolvePullRequestContext, type PullRequestDependencies } from './pull-request-context';

/**
 * Closes the open pull request of a version that the source environment no longer runs. Does not change a pull request
 * of any other version.
 * @returns the closed pull request's page, if there was one
 * @throws WindlassError
 */
export async function withdrawPullRequest(
  dependencies: PullRequestDependencies,
  task: PromotionTask,
  signal: AbortSignal,
): Promise<{ readonly url?: string }> {
  const context = await resolvePullRequestContext(dependencies, task);
  if ('gone' in context) return {};
  const open = await context.provider.findOpen({ head: context.branch, base: context.base }, signal);
  if (open === undefined) return {};
  return dependencies.repositories.withRepository(
    context.remote,
    { base: context.base, promotion: context.branch },
    signal,
    async (repository) => {
      if (repository.heads.promotion === undefined) return {};
      const newest = newestPromotion(await repository.commitsAhead(branchHistoryLimit), context);
      if (newest?.version !== task.version) return {};
      await dependencies.authority?.require(task);
      await context.provider.close(open, closingComment(task, 'withdrawn'), signal);
      return { url: open.url };
    },
  );
}
