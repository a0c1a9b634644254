import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { type Actor } from '../../src/domain/people/actor';
import { createDirectoryStore } from '../../src/store/directory/directory-store';
import { createDirectoryFreezeDesk } from '../../src/store/directory/freeze-desk';
import { type AskedFreeze } from '../../src/store/freeze-desk';
import { promotionId } from '../../src/workflows/contract/ids';
import { inlineParser } from '../support/inline-parser';
import { createInstallation, type Installation } from '../support/installation';
import { ended, openPullRequests } from '../support/lane-outcomes';
import { promotionShows } from '../support/promotion-states';

/** It ends too late for a promotion to look again by itself. */
const freeze = `
apiVersion: pipelines.weave.works/v1alpha1
kind: Freeze
metadata: { name: fair, namespace: apps }
spec: { reason: Trade fair, until: '2100-01-01T00:00:00Z' }
`;

let installation: Installation;
beforeAll(async () => {
  installation = await createInstallation();
}, 120_000);
afterAll(() => installation.close());

/** As `api` makes freezes: where both programs find them by default. */
async function deskOf({ directory, pipelinesDir }: Installation) {
  const log = pino({ level: 'silent' });
  const freezes = join(directory, 'data', 'freezes');
  const store = await createDirectoryStore({
    directory: pipelinesDir,
    freezesDirectory: freezes,
    parser: inlineParser,
    log,
  });
  return { desk: createDirectoryFreezeDesk({ directory: freezes, store, log }), close: () => store.close() };
}

const alice: Actor = { name: 'token:alice', via: 'token' };
const key = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);

it('a freeze in a file holds promotions; they continue as soon as it is deleted', async () => {
  const file = join(installation.pipelinesDir, 'freeze.yaml');
  await writeFile(file, freeze);
  await Promise.all([installation.startApi(), installation.startWorker()]);
  const answer = await installation.report({ version: '1.1.0' });
  const { event } = (await answer.json()) as { readonly event: string };
  const id = promotionId({ namespace: 'apps', name: 'shop' }, 'staging', '1.1.0', event);
  await promotionShows(installation.client, id, 'frozen');
  expect(openPullRequests(installation)).toEqual([]);

  await rm(file);
  await ended(installation, '1.1.0', 'pull-request');
  expect(openPullRequests(installation)).toHaveLength(1);
}, 120_000);

describe('by the API', () => {
  it.each<readonly [string, string, Partial<AskedFreeze>, string]>([
    ['a freeze', '1.2.0', { environments: ['staging'] }, 'frozen'],
    ['a suspension', '1.3.0', { suspends: true, pipelines: { names: ['shop'] } }, 'suspended'],
  ])(
    '%s holds promotions; they continue as soon as it ends',
    async (what, version, fields, state) => {
      const { desk, close } = await deskOf(installation);
      try {
        const made = await desk.freeze(
          { namespace: 'apps', reason: 'Trade fair', key: key(what), ...fields },
          alice,
        );
        const ref = { namespace: 'apps', name: made.name };
        const release = Number(version.split('.')[1]);
        const answer = await installation.report({ version, release });
        const { event } = (await answer.json()) as { readonly event: string };
        const id = promotionId({ namespace: 'apps', name: 'shop' }, 'staging', version, event);
        await promotionShows(installation.client, id, state);

        expect(await desk.unfreeze(ref, alice)).toBe('done');
        await ended(installation, version, 'pull-request');
        expect(await desk.list()).toMatchObject(
          expect.arrayContaining([expect.objectContaining({ name: made.name, endedBy: 'token:alice' })]),
        );
      } finally {
        await close();
      }
    },
    120_000,
  );
});
