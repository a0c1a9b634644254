import { newestPromotion } from '../../domain/promotion/promotion-branch';
import { type PromotionTask } from '../../domain/promotion/promotion';
import { branchHistoryLimit } from './open-pull-request';
import { findPullRequestSite, type PullRequestPorts } from './pull-request-context';

/**
 * Closes the open pull request of a version that the source environment no longer runs; leaves one for any other
 * version alone.
 * @returns the closed pull request's page, if there was one
 * @throws WindlassError
 */
export async function withdrawPullRequest(
  ports: PullRequestPorts,
  task: PromotionTask,
  signal: AbortSignal,
): Promise<{ readonly url?: string }> {
  const site = await findPullRequestSite(ports, task);
  if ('gone' in site) return {};
  const open = await site.provider.findOpen({ head: site.branch, base: site.base }, signal);
  if (open === undefined) return {};
  return ports.repositories.withRepository(
    site.remote,
    { base: site.base, promotion: site.branch },
    signal,
    async (repository) => {
      if (repository.heads.promotion === undefined) return {};
      const newest = newestPromotion(await repository.commitsAhead(branchHistoryLimit), site);
      if (newest?.version !== task.version) return {};
      const why = `Withdrawn: ${task.from} no longer runs ${task.version}, it went back to ${task.event.version}.`;
      await site.provider.close(open, why, signal);
      return { url: open.url };
    },
  );
}
