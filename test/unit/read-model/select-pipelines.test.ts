import fc from 'fast-check';
import { pipelinesQuery, type PipelinesQuery } from '../../../src/operator/schemas/pipelines';
import { summarize } from '../../../src/read-model/pipeline-summary';
import { InvalidCursor } from '../../../src/read-model/cursor';
import { selectPipelines } from '../../../src/read-model/select-pipelines';
import { type LaneView } from '../../../src/domain/lane/lane-view';
import { laneViewOf, waiting } from '../../support/lane-views';
import { samplePipeline } from '../../support/sample-pipeline';

const query = (fields: Record<string, unknown> = {}): PipelinesQuery => pipelinesQuery.parse(fields);

function summaryOf(name: string, lane: Partial<LaneView> = {}, labels: Record<string, string> = {}) {
  const pipeline = { ...samplePipeline, namespace: 'apps', name, labels };
  const view = laneViewOf({ pipeline: { namespace: 'apps', name }, ...lane });
  return summarize({ valid: true, pipeline }, new Map([[view.environment, view]]));
}

const names = (selection: { readonly items: readonly { readonly name: string }[] }) =>
  selection.items.map(({ name }) => name);

it('filters by label, part of the name, environment, version and what needs attention', () => {
  const all = [
    summaryOf('shop', { acting: waiting('1.1.0') }, { team: 'a=b' }),
    summaryOf('cart', { held: [{ version: '1.1.0', because: 'closed', at: 1 }] }, { team: 'c' }),
    summaryOf('mail', { failed: { version: '2.0.0', code: 'no-marker' } }),
  ];
  expect(names(selectPipelines(all, query({ label: 'team=a=b' })))).toEqual(['shop']);
  expect(names(selectPipelines(all, query({ label: ['team=c', 'tier=1'] })))).toEqual([]);
  expect(names(selectPipelines(all, query({ search: 'APPS/Ma' })))).toEqual(['mail']);
  expect(names(selectPipelines(all, query({ version: '1.1.0' })))).toEqual(['cart', 'shop']);
  expect(names(selectPipelines(all, query({ version: '1.1.0', state: 'held' })))).toEqual(['cart']);
  expect(names(selectPipelines(all, query({ version: '2.0.0' })))).toEqual(['mail']);
  expect(names(selectPipelines(all, query({ state: 'approval' })))).toEqual(['shop']);
  expect(names(selectPipelines(all, query({ state: 'failed' })))).toEqual(['mail']);
  expect(names(selectPipelines(all, query({ environment: 'dev', state: 'failed' })))).toEqual([]);
});

it('sorts by the newest change, and by what has waited longest', () => {
  const all = [
    summaryOf('a', { changedAt: 1_000, acting: waiting('1', 500) }),
    summaryOf('b', { changedAt: 3_000 }),
    summaryOf('c', { changedAt: 2_000, acting: waiting('1', 400) }),
  ];
  expect(names(selectPipelines(all, query({ sort: 'changed' })))).toEqual(['b', 'c', 'a']);
  expect(names(selectPipelines(all, query({ sort: 'waiting' })))).toEqual(['c', 'a', 'b']);
});

it('refuses a cursor of another query', () => {
  const all = [summaryOf('a'), summaryOf('b')];
  const { next } = selectPipelines(all, query({ limit: 1 }));
  expect(names(selectPipelines(all, query({ limit: 5, cursor: next })))).toEqual(['b']);
  for (const cursor of [next?.slice(1), 'bm8', '']) {
    expect(() => selectPipelines(all, query({ limit: 1, sort: 'changed', cursor }))).toThrow(InvalidCursor);
  }
});

it('pages show every entry once, in the order of the whole list', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/), { maxLength: 30 }),
      fc.integer({ min: 1, max: 7 }),
      fc.constantFrom('name' as const, 'changed' as const, 'waiting' as const),
      (apps, limit, sort) => {
        const all = apps.map((name, index) => summaryOf(name, { changedAt: 1_000 + (index % 3) }));
        const whole = names(selectPipelines(all, query({ sort, limit: 1_000 })));
        const paged: string[] = [];
        let cursor: string | undefined;
        do {
          const page = selectPipelines(
            all,
            query({ sort, limit, ...(cursor === undefined ? {} : { cursor }) }),
          );
          expect(page.total).toBe(all.length);
          paged.push(...names(page));
          cursor = page.next;
        } while (cursor !== undefined);
        expect(paged).toEqual(whole);
      },
    ),
  );
});
