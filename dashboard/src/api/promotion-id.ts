import { type PipelineName } from './answers';

/**
 * The Pipeline of a promotion, by its id: `promotion/<namespace>/<pipeline>/<environment>/<version>/<digest>`.
 * @returns empty names: it is not the id of a promotion
 */
export function pipelineOfPromotion(id: string): PipelineName {
  const [, namespace = '', name = ''] = /^promotion\/([^/]+)\/([^/]+)\/./.exec(id) ?? [];
  return { namespace, name };
}
