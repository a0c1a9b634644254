/** Where people look at a promotion: the dashboard where its address is known, otherwise the Temporal Web UI. */
import { type PromotionPage } from '../../activities/pull-request/pull-request-context';
import { type Config } from '../../config/config';
import { workflowPage } from '../../temporal/workflow-page';

/**
 * @param id of the promotion, which is that of its workflow
 * @returns undefined where neither address is configured
 */
export function promotionPage(
  { dashboardUrl, temporalUiUrl }: Pick<Config, 'dashboardUrl' | 'temporalUiUrl'>,
  namespace: string,
  id: string,
): PromotionPage | undefined {
  if (dashboardUrl !== undefined) return { site: 'dashboard', url: dashboardPage(dashboardUrl, id) };
  if (temporalUiUrl === undefined) return undefined;
  return { site: 'Temporal Web UI', url: workflowPage(temporalUiUrl, namespace, id) };
}

/** The route of the dashboard for one promotion. @param dashboardUrl without a trailing slash */
export function dashboardPage(dashboardUrl: string, id: string): string {
  return `${dashboardUrl}/promotions/${encodeURIComponent(id)}`;
}
