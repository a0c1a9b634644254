import { type Freeze } from '../../../../src/domain/freezes/freeze';
import { freezePolicy, freezesInForce } from '../../../../src/domain/freezes/freezes-in-force';
import { noon } from '../../../support/events';

const hour = 3_600_000;
const pipeline = { namespace: 'apps', name: 'shop', labels: { tier: 'shop', team: 'blue' } };

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
  ['its name', { pipelines: { names: ['cart', 'shop'] } }, true],
  ['other names', { pipelines: { names: ['cart', 'shop-2'] } }, false],
  ['its name and labels', { pipelines: { names: ['shop'], matchLabels: { tier: 'shop' } } }, true],
  ['its name, and other labels', { pipelines: { names: ['shop'], matchLabels: { tier: 'x' } } }, false],
  ['its labels, and other names', { pipelines: { names: ['cart'], matchLabels: { tier: 'shop' } } }, false],
  ['its name elsewhere', { namespace: 'other', pipelines: { names: ['shop'] } }, false],
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
  expect(freezesInForce([selecting], { namespace: 'apps', name: 'shop' }, 'prod', noon)).toEqual([]);
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

describe('a suspension by the API', () => {
  const suspension = freeze({ name: 'windlass-1', suspends: true, pipelines: { names: ['shop'] } });
  const of = (freezes: readonly Freeze[], environment = 'prod', at = noon) =>
    freezePolicy(freezes, pipeline, environment, at);

  it('is not a freeze, and says what is suspended', () => {
    expect(of([suspension])).toEqual({
      suspension: { name: 'apps/windlass-1', reason: 'Holidays', pipeline: 'apps/shop' },
    });
  });

  it('of one environment leaves the others alone', () => {
    const ofProd = { ...suspension, environments: ['prod'] };
    expect(of([ofProd])).toMatchObject({ suspension: { environment: 'prod' } });
    expect(of([ofProd], 'staging')).toEqual({});
  });

  it('that has ended is none', () => {
    expect(of([{ ...suspension, until: noon }])).toEqual({});
  });

  it('is beside a freeze', () => {
    expect(of([freeze(), suspension])).toMatchObject({
      freezes: [{ name: 'apps/holidays' }],
      suspension: { name: 'apps/windlass-1' },
    });
  });
});
