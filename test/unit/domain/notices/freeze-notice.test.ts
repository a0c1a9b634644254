import { type Freeze } from '../../../../src/domain/freezes/freeze';
import { freezeFact } from '../../../../src/domain/notices/freeze-notice';
import { noon } from '../../../support/events';

const hour = 3_600_000;
const freeze: Freeze = { namespace: 'apps', name: 'sale', reason: 'Summer sale.', author: 'alice' };

it('a freeze that is made says what waits, until when, who made it and why', () => {
  const now: Freeze = {
    ...freeze,
    until: noon + hour,
    environments: ['prod'],
    pipelines: { names: ['shop', 'cart'] },
  };
  expect(freezeFact({ now, uid: 'u' }, noon)?.notice).toEqual({
    kind: 'freeze-made',
    namespace: 'apps',
    name: 'sale',
    message:
      'Frozen: apps/sale: promotions of shop, cart in apps into prod wait until 2026-11-23 13:00 UTC. By alice. Reason: Summer sale.',
    fields: {
      environment: 'prod',
      by: 'alice',
      until: '2026-11-23 13:00 UTC',
      command: 'windlass unfreeze apps/sale',
    },
    at: noon,
  });
});

it.each<[Partial<Freeze>, string]>([
  [{}, 'all promotions in apps wait until the freeze is removed.'],
  [
    { allNamespaces: true, from: noon + hour },
    'all promotions in all namespaces wait from 2026-11-23 13:00 UTC until',
  ],
  [{ pipelines: { matchLabels: { team: 'a' } } }, 'promotions of Pipelines with team=a in apps wait'],
  [
    { pipelines: { names: ['shop'], matchLabels: { team: 'a' } } },
    'promotions of shop, where they have team=a, in apps wait',
  ],
])('a freeze of %o says so', (fields, words) => {
  expect(freezeFact({ now: { ...freeze, ...fields } }, noon)?.notice.message).toContain(words);
});

it.each<[string, Freeze | undefined]>([
  ['the API ends it', { ...freeze, until: noon, endedBy: 'bob' }],
  ['it is deleted', undefined],
])('a freeze ends when %s', (_how, now) => {
  const fact = freezeFact({ before: freeze, ...(now === undefined ? {} : { now }), uid: 'u' }, noon);
  expect(fact?.notice.message).toMatch(
    /^Freeze ended: apps\/sale: all promotions in apps continue\.(?: By bob\.)? It was frozen because: Summer sale\.$/,
  );
});

it.each<[string, Parameters<typeof freezeFact>[0]]>([
  ['is a suspension', { now: { ...freeze, suspends: true } }],
  ['had ended when it appeared', { now: { ...freeze, until: noon } }],
  ['ended at its time, and is deleted', { before: { ...freeze, until: noon - hour } }],
  ['is edited', { before: freeze, now: { ...freeze, until: noon + hour } }],
])('a freeze that %s is no news', (_what, change) => {
  expect(freezeFact(change, noon)).toBeUndefined();
});

it('every process names the same fact alike, and another object of that name differently', () => {
  const key = (uid: string | undefined, at = noon) =>
    freezeFact({ now: freeze, ...(uid === undefined ? {} : { uid }) }, at)?.key;
  expect(key('u', noon + 5_000)).toBe(key('u'));
  expect(key('v')).not.toBe(key('u'));
  expect(key(undefined, noon + 5_000)).toBe(key(undefined));
  expect(key(undefined, noon + 24 * hour)).not.toBe(key(undefined));
});
