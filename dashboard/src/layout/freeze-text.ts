/** What a freeze holds, in words: pure. */
import { type components } from '../api/schema';

type Freeze = components['schemas']['Freeze'];

/** "Promotions into prod and staging, of Pipelines in apps with team=a" */
export function describeFrozen({ namespace, environments, pipelines, allNamespaces }: Freeze): string {
  const into = environments === undefined ? 'all environments' : listed(environments);
  const where = allNamespaces ? 'all namespaces' : `namespace ${namespace}`;
  const names = pipelines?.names;
  const labels = Object.entries(pipelines?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const which = [
    ...(names === undefined ? [] : [`named ${listed(names)}`]),
    ...(labels.length === 0 ? [] : [`with ${listed(labels)}`]),
  ];
  const selected = which.length === 0 ? '' : ` ${which.join(' and ')}`;
  return `Promotions into ${into}, of ${which.length === 0 ? 'all ' : ''}Pipelines in ${where}${selected}`;
}

/** How many are named. */
const most = 5;

function listed(names: readonly string[]): string {
  if (names.length > most) return `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
  const [last = '', ...others] = names.toReversed();
  return others.length === 0 ? last : `${others.reverse().join(', ')} and ${last}`;
}
