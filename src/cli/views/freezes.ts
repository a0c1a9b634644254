import { type FreezeItem } from '../../operator/schemas/freezes';
import { type Style } from '../access/open-session';
import { wholeSeconds } from '../text/age';
import { type Column } from '../text/table';

export function freezeColumns(style: Style): readonly Column<FreezeItem>[] {
  return [
    { title: 'FREEZE', cell: ({ namespace, name }) => `${namespace}/${name}` },
    {
      title: 'IN FORCE',
      cell: ({ inForce }) => ({ text: inForce ? 'yes' : 'no', ...(inForce ? { paint: style.yellow } : {}) }),
    },
    { title: 'FROM', cell: ({ from }) => wholeSeconds(from) },
    { title: 'UNTIL', cell: ({ until }) => wholeSeconds(until) },
    { title: 'HOLDS', cut: true, cell: (freeze) => freezeScope(freeze) },
    { title: 'BY', cell: ({ author }) => author ?? '' },
    { title: 'MADE BY', wide: true, cell: ({ ours }) => (ours ? 'windlass freeze' : 'a manifest') },
    { title: 'ENDED BY', wide: true, cell: ({ endedBy }) => endedBy ?? '' },
    { title: 'REASON', cut: true, cell: ({ reason }) => reason },
  ];
}

type Scope = Pick<FreezeItem, 'environments' | 'pipelines'> & Partial<Pick<FreezeItem, 'allNamespaces'>>;

/** What a freeze holds, in words. */
export function freezeScope({ environments, pipelines, allNamespaces }: Scope): string {
  const labels = Object.entries(pipelines?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const names = pipelines?.names ?? [];
  const which = [...names, ...labels].join(', ');
  return [
    which === '' ? 'all Pipelines' : which,
    ...(allNamespaces === true ? ['of all namespaces'] : []),
    ...(environments === undefined ? [] : [`into ${environments.join(', ')}`]),
  ].join(' ');
}
