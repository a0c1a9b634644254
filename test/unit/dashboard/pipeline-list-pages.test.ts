import { patchPages, withoutPipeline, wouldShow } from '../../../dashboard/src/api/pipeline-list-pages';
import { type components } from '../../../dashboard/src/api/schema';

type Environment = components['schemas']['Environment'];
type PipelineSummary = components['schemas']['PipelineSummary'];

const environment = (name: string, version: string, changedAt = '2026-11-28T09:00:00.000Z'): Environment => ({
  name,
  version,
  running: [],
  sentence: '',
  queued: [],
  held: [],
  changedAt,
});

const row = (name: string, fields: Partial<PipelineSummary> = {}): PipelineSummary => ({
  namespace: 'apps',
  name,
  labels: {},
  valid: true,
  suspended: false,
  environments: [environment('dev', '1.0.0'), environment('prod', '1.0.0')],
  changedAt: '2026-11-28T09:00:00.000Z',
  ...fields,
});

// The dashboard's types are those of the document, in which lists are not read-only.
const pagesOf = (...pages: PipelineSummary[][]) => pages.map((items) => ({ items: items, total: 3 }));

const change = (pipeline: string, version: string, changedAt = '2026-11-28T10:00:00.000Z') => ({
  namespace: 'apps',
  pipeline,
  environment: environment('prod', version, changedAt),
});

it('changes the environment of one row, and leaves all other objects as they are', () => {
  const pages = pagesOf([row('a'), row('b')], [row('c')]);
  const patched = patchPages(pages, [change('b', '1.1.0')]);
  const [first, second] = patched.pages;
  expect(first?.items[1]).toEqual(
    row('b', {
      environments: [environment('dev', '1.0.0'), environment('prod', '1.1.0', '2026-11-28T10:00:00.000Z')],
      changedAt: '2026-11-28T10:00:00.000Z',
    }),
  );
  expect(first?.items[0]).toBe(pages[0]?.items[0]);
  expect(second).toBe(pages[1]);
  expect([patched.isOutdated, patched.others]).toEqual([false, []]);
});

it('an event that is older than the answer changes nothing', () => {
  const pages = pagesOf([row('a')]);
  expect(patchPages(pages, [change('a', '0.9.0', '2026-11-28T08:00:00.000Z')]).pages).toBe(pages);
});

it('names the Pipelines that no page shows', () => {
  const pages = pagesOf([row('a')]);
  const { pages: patched, others } = patchPages(pages, [change('new', '1.0.0')]);
  expect(patched).toBe(pages);
  expect(others).toMatchObject([{ namespace: 'apps', pipeline: 'new' }]);
});

it('knows that a Pipeline itself has changed where it was invalid or gets an environment', () => {
  expect(patchPages(pagesOf([row('a', { valid: false })]), [change('a', '1.1.0')]).isOutdated).toBe(true);
  expect(patchPages(pagesOf([row('a', { environments: [] })]), [change('a', '1.1.0')]).isOutdated).toBe(true);
});

it('takes a deleted Pipeline out, and counts one less', () => {
  const pages = pagesOf([row('a'), row('b')], [row('c')]);
  const left = withoutPipeline(pages, { namespace: 'apps', pipeline: 'b' });
  expect(left.map(({ items, total }) => [items.length, total])).toEqual([
    [1, 2],
    [1, 2],
  ]);
  expect(withoutPipeline(pages, { namespace: 'apps', pipeline: 'other' })).toBe(pages);
});

it('a list shows a new Pipeline that fits it, if its place was read', () => {
  const place = (pipeline: string) => ({ namespace: 'apps', pipeline });
  const some = [{ items: [row('m')], next: 'cursor' }];
  const all = [{ items: [row('m')] }];
  expect([wouldShow(some, {}, place('a')), wouldShow(some, {}, place('z'))]).toEqual([true, false]);
  expect([wouldShow(all, {}, place('z')), wouldShow([{ items: [] }], {}, place('z'))]).toEqual([true, true]);
  expect(wouldShow(all, { namespace: 'other' }, place('z'))).toBe(false);
  expect([
    wouldShow(all, { search: 'APPS/z' }, place('z')),
    wouldShow(all, { search: 'y' }, place('z')),
  ]).toEqual([true, false]);
  expect(wouldShow(all, { label: ['team=a'] }, place('z'))).toBe(false);
});
