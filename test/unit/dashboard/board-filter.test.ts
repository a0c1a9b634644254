import {
  attentions,
  type BoardFilter,
  everything,
  followsEvents,
  leavesOut,
  queryOf,
  readFilter,
  sortings,
  writeFilter,
} from '../../../dashboard/src/board/filter';
import { routes } from '../../../src/operator/routes';
import { attentions as attentionsOfApi } from '../../../src/operator/schemas/pipelines';

const chosen: BoardFilter = {
  search: 'a b&c=d',
  namespace: 'apps',
  label: 'team=payments',
  state: 'approval',
  mine: true,
  sort: 'waiting',
};

it('the address says all of the filter, and is empty without one', () => {
  expect(readFilter(new URLSearchParams(writeFilter(chosen).toString()))).toEqual(chosen);
  expect(writeFilter(everything).toString()).toBe('');
  expect(readFilter(new URLSearchParams())).toEqual(everything);
});

it('what an address has that is unknown or too long does not count', () => {
  const filter = readFilter(
    new URLSearchParams({ state: '<b>', sort: 'x', mine: '1', search: 'x'.repeat(999) }),
  );
  expect(filter).toEqual({ ...everything, search: 'x'.repeat(253) });
});

it.each([everything, chosen])('the API accepts each filter', (filter) => {
  // As a query of an address: of one value, there is no list.
  const query = Object.fromEntries(
    Object.entries(queryOf(filter)).map(([key, value]) => [key, String(value)]),
  );
  expect(routes.listPipelines.query.strict().safeParse(query).error).toBeUndefined();
});

it('offers each state and order of the API', () => {
  expect(attentions.map(({ state }) => state).sort()).toEqual([...attentionsOfApi].sort());
  expect(sortings.map(({ sort }) => sort).sort()).toEqual(['changed', 'name', 'waiting']);
});

it('knows whether it leaves Pipelines out, and whether events decide which', () => {
  expect([everything, { ...everything, sort: 'changed' as const }].map(leavesOut)).toEqual([false, false]);
  expect(
    [
      { ...everything, search: 'a' },
      { ...everything, mine: true },
    ].map(leavesOut),
  ).toEqual([true, true]);
  expect([everything, { ...everything, namespace: 'apps' }].map(followsEvents)).toEqual([false, false]);
  expect(
    [{ mine: true }, { state: 'failed' as const }, { sort: 'changed' as const }].map((part) =>
      followsEvents({ ...everything, ...part }),
    ),
  ).toEqual([true, true, true]);
});
