import { isNamespace, isObjectName } from '../domain/kubernetes-names';
import { type PipelineRef } from '../domain/pipeline/pipeline';

/**
 * The Pipeline of a promotion, by its id. An id that is too long is cut far behind these names.
 * @returns undefined: it is not the id of a promotion
 */
export function pipelineOfPromotion(id: string): PipelineRef | undefined {
  const match = /^promotion\/([^/]+)\/([^/]+)\/./.exec(id);
  const [, namespace = '', name = ''] = match ?? [];
  return isNamespace(namespace) && isObjectName(name) ? { namespace, name } : undefined;
}
