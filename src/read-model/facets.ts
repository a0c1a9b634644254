/** What Pipelines can be filtered by: pure. */
import { type Facets } from '../operator/schemas/facets';
import { type PipelineSummary } from '../operator/schemas/pipelines';

/** Of namespaces and of environments. */
const mostNames = 1_000;
const mostLabels = 50;
/** Of one label: with more it names Pipelines, and groups none. */
const mostValues = 200;

/** @param summaries that the caller sees */
export function facetsOf(
  summaries: Iterable<PipelineSummary>,
): Pick<Facets, 'namespaces' | 'environments' | 'labels' | 'complete'> {
  const namespaces = new Set<string>();
  const environments = new Map<string, Places>();
  const labels = new Map<string, Set<string>>();
  let pipelines = 0;
  for (const summary of summaries) {
    pipelines += 1;
    namespaces.add(summary.namespace);
    summary.environments.forEach(({ name }, index) => {
      const { count, sum } = environments.get(name) ?? { count: 0, sum: 0 };
      environments.set(name, { count: count + 1, sum: sum + index });
    });
    for (const [key, value] of Object.entries(summary.labels)) {
      labels.set(key, (labels.get(key) ?? new Set()).add(value));
    }
  }
  const groups = [...labels]
    .filter(([, { size }]) => size <= mostValues && (size < pipelines || pipelines <= 2))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const ordered = [...environments].sort(([, a], [, b]) => a.sum / a.count - b.sum / b.count);
  return {
    namespaces: [...namespaces].sort().slice(0, mostNames),
    environments: ordered.slice(0, mostNames).map(([name]) => name),
    labels: Object.fromEntries(groups.slice(0, mostLabels).map(([key, values]) => [key, [...values].sort()])),
    complete: namespaces.size <= mostNames && environments.size <= mostNames && groups.length <= mostLabels,
  };
}

/** Where an environment is in how many Pipelines. */
interface Places {
  readonly count: number;
  readonly sum: number;
}
