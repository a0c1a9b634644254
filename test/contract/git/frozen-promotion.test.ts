import { GatesClosed } from '../../../src/activities/gates-closed';
import { type Freeze } from '../../../src/domain/freezes/freeze';
import { branch, type PromotionForge, startPromotionForge } from './promotion-forge';

const freeze: Freeze = { namespace: 'apps', name: 'incident', reason: 'Incident' };

let forge: PromotionForge;
beforeEach(async () => {
  forge = await startPromotionForge();
});
afterEach(() => forge.close());

const pullRequests = () => forge.forge.pullRequests('acme/fleet');
const branches = () => forge.git('for-each-ref', '--format=%(refname:short)').split('\n');

/** Free for the first reads, and frozen from then on. */
function frozenAfter(reads: number): () => readonly Freeze[] {
  let read = 0;
  return () => (read++ < reads ? [] : [freeze]);
}

it('an environment that is frozen since the gates were open gets no push', async () => {
  await expect(forge.promote({ freezes: () => [freeze] })).rejects.toBeInstanceOf(GatesClosed);
  expect(branches()).toEqual(['main']);
  expect(pullRequests()).toEqual([]);
  expect(await forge.promote()).toMatchObject({ state: 'pull-request', change: 'created' });
});

it('one that is frozen after the push gets no pull request', async () => {
  await expect(forge.promote({ freezes: frozenAfter(1) })).rejects.toBeInstanceOf(GatesClosed);
  expect(branches()).toEqual(['main', branch]);
  expect(pullRequests()).toEqual([]);
  expect(await forge.promote()).toMatchObject({ state: 'pull-request', change: 'created' });
});

it('an open pull request whose branch was pushed gets its new text all the same', async () => {
  await forge.promote();
  const newer = await forge.promote({ version: '1.2.0', release: 3, freezes: frozenAfter(1) });
  expect(newer).toMatchObject({ state: 'pull-request', change: 'updated' });
  expect(pullRequests()).toMatchObject([{ title: expect.stringContaining('1.2.0') as unknown }]);
});

it('what is there already is only looked at', async () => {
  await forge.promote();
  expect(await forge.promote({ freezes: () => [freeze] })).toMatchObject({ change: 'unchanged' });
});
