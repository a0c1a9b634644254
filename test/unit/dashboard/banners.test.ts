import { describeFrozen } from '../../../dashboard/src/layout/freeze-text';
import { type Sources, staleness } from '../../../dashboard/src/layout/staleness';

const well: Sources = { connection: 'open', workers: 'answering', behindMs: 2_000 };

it.each<[string, Partial<Sources>, string | undefined]>([
  ['all is well', {}, undefined],
  ['the page has just been opened', { connection: 'opening', workers: 'unknown' }, undefined],
  [
    'the connection is lost',
    { connection: 'lost', workers: 'silent' },
    'The connection to Windlass is lost: what you see may be old. This page tries again by itself.',
  ],
  [
    'no worker answers',
    { workers: 'silent', workersSilentMs: 43_000 },
    'No worker has answered for 43 s: nothing is promoted until one does. Check that windlass worker runs.',
  ],
  [
    'no worker has ever answered',
    { workers: 'silent' },
    'No worker has answered: nothing is promoted until one does. Check that windlass worker runs.',
  ],
  [
    'Temporal is away',
    { behindMs: 125_000, workers: 'silent' },
    'Temporal has not answered for 2 min: what you see is as old as that. Check that Temporal runs.',
  ],
  ['the API says so', { unavailable: 'Retry.' }, 'What you see may be old. Retry.'],
])('the banner: %s', (_what, sources, sentence) => {
  expect(staleness({ ...well, ...sources })).toBe(sentence);
});

const freeze = {
  namespace: 'apps',
  name: 'holidays',
  reason: 'Holidays',
  inForce: true,
  allNamespaces: false,
  ours: true,
};

it.each([
  [{}, 'Promotions into all environments, of all Pipelines in namespace apps'],
  [
    { environments: ['prod'], allNamespaces: true },
    'Promotions into prod, of all Pipelines in all namespaces',
  ],
  [
    { environments: ['a', 'b', 'c'], pipelines: { names: ['shop'], matchLabels: { team: 'x' } } },
    'Promotions into a, b and c, of Pipelines in namespace apps named shop and with team=x',
  ],
  [
    { pipelines: { names: ['1', '2', '3', '4', '5', '6', '7'] } },
    'Promotions into all environments, of Pipelines in namespace apps named 1, 2, 3, 4, 5 and 2 more',
  ],
])('says what a freeze holds: %j', (fields, text) => {
  expect(describeFrozen({ ...freeze, ...fields })).toBe(text);
});
