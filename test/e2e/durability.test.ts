import { rename, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { laneId } from '../../src/workflows/contract/ids';
import { laneStateQuery, retrySignal } from '../../src/workflows/contract/messages';
import { eventually } from '../support/eventually';
import {
  createInstallation,
  type Installation,
  pipelineManifest,
  post,
  pullRequestPromotion,
  repository,
  secretManifests,
} from '../support/installation';
import { ended, laneState, openPullRequests } from '../support/lane-outcomes';
import { isResting, standingsOf } from '../support/lane-standings';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';

let temporal: TcpProxy;
let installation: Installation;

beforeAll(async () => {
  const address = process.env['WINDLASS_TEST_TEMPORAL_ADDRESS'] ?? '';
  temporal = await startTcpProxy(Number(address.split(':')[1]));
  installation = await createInstallation({
    env: { TEMPORAL_ADDRESS: `127.0.0.1:${temporal.port}` },
    flags: ['--promotion-hook-rate-limit=1000'],
  });
  await installation.startApi();
}, 120_000);
afterAll(async () => {
  await installation.close();
  await temporal.close();
});

/** As an editor or a mounted volume does it: the whole file at once. */
async function replaceManifest(name: string, text: string): Promise<void> {
  const file = join(installation.pipelinesDir, name);
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}

it('an event that was acknowledged while no worker runs is promoted once there is one', async () => {
  const answer = await installation.report({ version: '1.1.0', release: 2 });
  expect(answer.status).toBe(202);
  expect(openPullRequests(installation)).toEqual([]);
  await installation.startWorker();
  await ended(installation, '1.1.0', 'pull-request');
  expect(openPullRequests(installation)).toMatchObject([{ title: 'Promote apps/shop in staging to 1.1.0' }]);
});

it('a Pipeline that is added while the programs run is served', async () => {
  const manifest = `version: 1.0.0 # {"$promotion": "apps:cart:staging"}\n`;
  await installation.forge.commit(repository, 'main', { 'apps/cart.yaml': manifest }, 'Add the cart');
  const report = { pipeline: 'cart', version: '2.0.0', release: 2 };
  expect((await installation.report(report)).status).toBe(401);
  await replaceManifest('cart.yaml', pipelineManifest(pullRequestPromotion(installation.forge), 'cart'));
  await eventually(async () => expect((await installation.report(report)).status).toBe(202));
  const lane = installation.client.workflow.getHandle(laneId({ namespace: 'apps', name: 'cart' }, 'staging'));
  await eventually(async () => {
    const [newest] = standingsOf(await lane.query(laneStateQuery));
    expect(newest).toMatchObject({ version: '2.0.0', state: 'pull-request' });
  });
});

it('a rotated hmac-key counts for the next event, and the old one no longer', async () => {
  const rotated = `key-${randomUUID()}`;
  await replaceManifest('secrets.yaml', secretManifests({ token: installation.token }, rotated));
  const report = { version: '1.2.0', release: 3 };
  await eventually(async () => expect((await post(installation.sign(report, rotated))).status).toBe(202));
  expect((await installation.report(report)).status).toBe(401);
  await ended(installation, '1.2.0', 'pull-request');
  await replaceManifest('secrets.yaml', secretManifests({ token: installation.token }, installation.hmacKey));
  await eventually(async () => expect((await installation.report(report)).status).toBe(202));
});

it('a token that was refused and then replaced is used when the promotion is retried', async () => {
  await replaceManifest('secrets.yaml', secretManifests({ token: 'expired' }, installation.hmacKey));
  let version = 2;
  // Until the worker has read the wrong token, promotions succeed.
  await eventually(async () => {
    version += 1;
    await installation.report({ version: `1.${version}.0`, release: version + 1 });
    await eventually(async () => {
      const state = await laneState(installation);
      expect([isResting(state), state.outcomes[0]?.version]).toEqual([true, `1.${version}.0`]);
    });
    expect((await laneState(installation)).outcomes[0]).toMatchObject({ code: 'bad-credentials' });
  });
  await replaceManifest('secrets.yaml', secretManifests({ token: installation.token }, installation.hmacKey));
  const lane = installation.client.workflow.getHandle(installation.lane('staging'));
  await eventually(async () => {
    const state = await laneState(installation);
    if (isResting(state) && state.outcomes[0]?.state === 'failed') await lane.signal(retrySignal);
    expect(state.outcomes[0]).toMatchObject({ version: `1.${version}.0`, state: 'pull-request' });
  });
  expect(openPullRequests(installation)).toContainEqual(
    expect.objectContaining({ title: `Promote apps/shop in staging to 1.${version}.0` }),
  );
});

it('while Temporal is away the sender is asked to come again, by a 503 without Retry-After', async () => {
  const report = { version: '2.0.0', release: 100 };
  temporal.shut();
  const refused = await installation.report(report);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('content-type')).toBe('application/problem+json');
  expect(refused.headers.has('retry-after')).toBe(false);
  expect(await refused.json()).toMatchObject({ status: 503 });
  temporal.open();
  expect((await installation.report(report)).status).toBe(202);
  await ended(installation, '2.0.0', 'pull-request', { limitMs: 40_000 });
});
