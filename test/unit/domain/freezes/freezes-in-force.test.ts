import { type Freeze } from '../../../../src/domain/freezes/freeze';
import { freezePolicy, freezesInForce } from '../../../../src/domain/freezes/freezes-in-force';
import { noon } from '../../../support/events';

const hour = 3_600_000;
const pipeline = { namespace: 'apps', labels: { tier: 'shop', team: 'blue' } };

const freeze = (fields: Partial<Freeze> = {}): Freeze => ({
  namespace: 'apps',
  name: 'holidays',
  reason: 'Holidays',
  ...fields,
});

it.each<readonly [what: string, Partial<Freeze>, held: boolean]>([
  ['its namespace', {}, true],
  ['another namespace', { namespace: 'other' }, false],
  ['all namespaces', { namespace: 'windlass', allNamespaces: true }, true],
  ['all namespaces, taken back', { namespace: 'windlass', allNamespaces: false }, false],
  ['this environment', { environments: ['staging', 'prod'] }, true],
  ['another environment', { environments: ['staging'] }, false],
  ['all labels', { pipelines: { matchLabels: {} } }, true],
  ['one of the labels', { pipelines: { matchLabels: { tier: 'shop' } } }, true],
  ['both labels', { pipelines: { matchLabels: { tier: 'shop', team: 'blue' } } }, true],
  ['one label of two', { pipelines: { matchLabels: { tier: 'shop', team: 'red' } } }, false],
  ['a label that it does not have', { pipelines: { matchLabels: { stage: 'shop' } } }, false],
  ['a name that every object has', { pipelines: { matchLabels: { constructor: 'shop' } } }, false],
  ['labels elsewhere', { namespace: 'other', pipelines: { matchLabels: { tier: 'shop' } } }, false],
  [
    'labels everywhere',
    { namespace: 'windlass', allNamespaces: true, pipelines: { matchLabels: { tier: 'shop' } } },
    true,
  ],
  ['a time that began now', { from: noon }, true],
  ['a time that begins later', { from: noon + 1 }, false],
  ['a time that ends later', { until: noon + 1 }, true],
  ['a time that ends now', { until: noon }, false],
  ['a time around it', { from: noon - hour, until: noon + hour }, true],
  ['a time that is over', { from: noon - hour, until: noon - 1 }, false],
])('a freeze of %s: %j holds prod: %s', (_what, fields, held) => {
  expect(freezesInForce([freeze(fields)], pipeline, 'prod', noon)).toHaveLength(held ? 1 : 0);
});

it('a Pipeline without labels is selected by none', () => {
  const selecting = freeze({ pipelines: { matchLabels: { tier: 'shop' } } });
  expect(freezesInForce([selecting], { namespace: 'apps' }, 'prod', noon)).toEqual([]);
});

it('the one that lasts longest comes first', () => {
  const all = [
    freeze({ name: 'hour', until: noon + hour }),
    freeze({ name: 'endless' }),
    freeze({ name: 'day', until: noon + 24 * hour, author: 'alice' }),
    freeze({ name: 'also-endless' }),
  ];
  expect(freezesInForce(all, pipeline, 'prod', noon)).toEqual([
    { name: 'apps/also-endless', reason: 'Holidays' },
    { name: 'apps/endless', reason: 'Holidays' },
    { name: 'apps/day', reason: 'Holidays', author: 'alice', until: noon + 24 * hour },
    { name: 'apps/hour', reason: 'Holidays', until: noon + hour },
  ]);
});

it('says when the next one begins', () => {
  const later = [
    freeze({ name: 'later', from: noon + 2 * hour }),
    freeze({ name: 'soon', from: noon + hour, until: noon + 3 * hour }),
    freeze({ name: 'elsewhere', from: noon + 1, environments: ['staging'] }),
  ];
  expect(freezePolicy(later, pipeline, 'prod', noon)).toEqual({ freezeStartsAt: noon + hour });
  expect(freezePolicy([...later, freeze()], pipeline, 'prod', noon)).toEqual({
    freezes: [{ name: 'apps/holidays', reason: 'Holidays' }],
    freezeStartsAt: noon + hour,
  });
  expect(freezePolicy([], pipeline, 'prod', noon)).toEqual({});
});

it('keeps few of many', () => {
  const many = Array.from({ length: 100 }, (_, day) => freeze({ name: `day-${day}`, until: noon + day + 1 }));
  const { freezes } = freezePolicy(many, pipeline, 'prod', noon);
  expect(freezes?.map(({ name }) => name)).toEqual(['apps/day-99', 'apps/day-98', 'apps/day-97']);
});
