import { promotionId } from '../workflows/contract/ids';
import { type PromotionTask } from '../domain/promotion/promotion';

/**
 * The page of a promotion in the Temporal Web UI.
 * @param uiUrl the UI's address, without a trailing slash
 */
export function promotionPage(uiUrl: string, namespace: string, task: PromotionTask): string {
  const id = promotionId(task.pipeline, task.to, task.version, task.event.identity);
  return `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(id)}`;
}
