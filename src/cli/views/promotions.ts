import { type PromotionSummary } from '../../operator/schemas/promotions';
import { type Style } from '../access/open-session';
import { age, ageOf } from '../text/age';
import { type Column } from '../text/table';
import { paintState } from './states';

export function promotionColumns(now: number, style: Style): readonly Column<PromotionSummary>[] {
  return [
    { title: 'PIPELINE', cell: ({ namespace, pipeline }) => `${namespace}/${pipeline}` },
    { title: 'ENVIRONMENT', cell: ({ environment }) => environment },
    {
      title: 'VERSION',
      cell: ({ version, action }) => (action === 'withdraw' ? `${version} (withdraw)` : version),
    },
    { title: 'STATE', cell: ({ state }) => ({ text: state, paint: paintState(state, style) }) },
    { title: 'AGE', cell: ({ startedAt }) => ageOf(startedAt, now) },
    {
      title: 'TOOK',
      wide: true,
      cell: ({ startedAt, endedAt }) =>
        endedAt === undefined ? '' : age(Date.parse(endedAt) - Date.parse(startedAt)),
    },
    { title: 'FROM', wide: true, cell: ({ from }) => from ?? '' },
    { title: 'REQUESTED BY', wide: true, cell: ({ requestedBy }) => requestedBy.join(',') },
    { title: 'ID', cell: ({ id }) => id },
  ];
}
