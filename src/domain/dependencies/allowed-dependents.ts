import { pipelineGroup } from '../kubernetes-names';
import { type Pipeline } from '../pipeline/pipeline';

/** Of a Pipeline: the other namespaces whose Pipelines may depend on it. */
export const allowDependentsAnnotation = `${pipelineGroup}/allow-dependents`;

/** Whether Pipelines of this namespace may depend on the pipeline: what it runs is shown to their readers. */
export function allowsDependent(
  { namespace, dependents = [] }: Pick<Pipeline, 'namespace' | 'dependents'>,
  from: string,
): boolean {
  return namespace === from || dependents.includes('*') || dependents.includes(from);
}
