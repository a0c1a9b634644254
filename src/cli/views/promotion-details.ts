import { type PromotionDetails } from '../../operator/schemas/promotions';
import { type Style } from '../access/open-session';
import { age, ageOf, wholeSeconds } from '../text/age';
import { fieldLines, section } from '../text/sections';
import { type Column, renderTable } from '../text/table';
import { paintState } from './states';

export function describePromotion(promotion: PromotionDetails, now: number, style: Style): string[] {
  const { state, startedAt, endedAt, pullRequest } = promotion;
  const took = endedAt === undefined ? '' : `, took ${age(Date.parse(endedAt) - Date.parse(startedAt))}`;
  return [
    ...fieldLines([
      ['ID', promotion.id],
      ['Pipeline', `${promotion.namespace}/${promotion.pipeline}`],
      ['Environment', promotion.environment],
      ['From', promotion.from],
      ['Version', promotion.version],
      ['State', paintState(state, style)(state)],
      ['Message', promotion.sentence],
      ['Started', `${wholeSeconds(startedAt)} (${ageOf(startedAt, now)} ago)`],
      [
        'Ended',
        endedAt === undefined ? undefined : `${wholeSeconds(endedAt)} (${ageOf(endedAt, now)} ago${took})`,
      ],
      ['Requested by', promotion.requestedBy.join(', ')],
      ['Pull request', pullRequest?.url],
      ['Head', pullRequest?.head],
    ]),
    ...section('Closed gates', gateLines(promotion.gates)),
    ...section(
      'Approvals',
      promotion.approvals.map(
        ({ by, at, head }) => `${by}, ${wholeSeconds(at)}${head === undefined ? '' : `, for ${head}`}`,
      ),
    ),
    ...section('Timeline', table(timeline, promotion.timeline, style)),
    ...section('Attempts', table(attempts, promotion.attempts, style)),
    ...section(
      'People',
      promotion.people.map(({ name, via }) => (via === undefined ? name : `${name} (${via})`)),
    ),
    ...section('Links', fieldLines(Object.entries(promotion.links))),
  ];
}

/** @param gates those that are closed */
export function gateLines(gates: PromotionDetails['gates']): string[] {
  return gates.map(({ gate, says }) => `${gate}: ${says}`);
}

const timeline: readonly Column<PromotionDetails['timeline'][number]>[] = [
  { title: 'TIME', cell: ({ at }) => wholeSeconds(at) },
  { title: 'STEP', cell: ({ step }) => step },
  { title: 'BY', cell: ({ by }) => by ?? '' },
  { title: 'DETAIL', cell: ({ detail }) => detail ?? '' },
];

const attempts: readonly Column<PromotionDetails['attempts'][number]>[] = [
  { title: 'ATTEMPT', cell: ({ number }) => String(number) },
  { title: 'TIME', cell: ({ at }) => wholeSeconds(at) },
  { title: 'RESULT', cell: ({ outcome }) => outcome },
  { title: 'CODE', cell: ({ code }) => code ?? '' },
  { title: 'REASON', cell: ({ reason }) => reason ?? '' },
];

function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], style: Style): string[] {
  if (rows.length === 0) return [];
  return renderTable(columns, rows, {
    headers: true,
    columns: undefined,
    wide: false,
    paintTitle: style.bold,
  });
}
