import {
  type FakeNotificationController,
  startFakeNotificationController,
} from '../support/fake-notification-controller';
import { createInstallation, type Installation, pipelineManifest } from '../support/installation';
import { ended } from '../support/lane-outcomes';

let controller: FakeNotificationController;
let installation: Installation;

beforeAll(async () => {
  controller = await startFakeNotificationController();
  installation = await createInstallation({
    pipeline: () => pipelineManifest({ strategy: { notification: {}, secretRef: { name: 'hmac' } } }),
  });
  await installation.startApi();
}, 120_000);
afterAll(async () => {
  await installation.close();
  await controller.close();
});

it('a promotion by notification reaches the notification-controller as a Flux event', async () => {
  const worker = await installation.startWorker([`--events-addr=${controller.address}`]);
  expect((await installation.report({ version: '1.1.0', release: 2 })).status).toBe(202);
  await ended(installation, '1.1.0', 'notified');
  expect(controller.events).toMatchObject([
    {
      involvedObject: { kind: 'Pipeline', namespace: 'apps', name: 'shop' },
      reason: 'Promote',
      severity: 'info',
      message: 'Promote pipeline apps/shop to staging with version 1.1.0',
      metadata: {
        'pipelines.weave.works/environment': 'staging',
        'pipelines.weave.works/version': '1.1.0',
      },
    },
  ]);
  expect(await worker.stop()).toBe(0);
});

it('without --events-addr it fails at once and says which flag is missing', async () => {
  await installation.startWorker();
  expect((await installation.report({ version: '1.2.0', release: 3 })).status).toBe(202);
  const { outcomes } = await ended(installation, '1.2.0', 'failed');
  expect(outcomes[0]).toMatchObject({
    code: 'events-address-missing',
    detail:
      'No address for notifications is set. Start the worker with --events-addr, the address of the notification-controller.',
  });
  expect(controller.requests).toBe(1);
});
