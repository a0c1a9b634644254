import { promotionId } from '../workflows/contract/ids';
import { type PromotionTask } from '../domain/promotion/promotion';

/**
 * The page of a promotion in the Temporal Web UI.
 * @param uiUrl the UI's address, without a trailing slash
 */
export function promotionPage(uiUrl: string, namespace: string, task: PromotionTask): string {
  return workflowPage(
    uiUrl,
    namespace,
    promotionId(task.pipeline, task.to, task.version, task.event.identity),
  );
}

/** The same of any workflow. */
export function workflowPage(uiUrl: string, namespace: string, workflowId: string): string {
  return `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
}
