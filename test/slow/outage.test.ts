import { setTimeout as delay } from 'node:timers/promises';
import { deliverEvent } from '../../demo/cluster/deliver-event';
import { eventually } from '../support/eventually';
import { branchOf, createInstallation, type Installation } from '../support/installation';
import { ended } from '../support/lane-outcomes';
import { expectPromoted, recordPushes } from '../support/promotion-branch-state';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';

let temporal: TcpProxy;
let installation: Installation;

beforeAll(async () => {
  const address = process.env['WINDLASS_TEST_TEMPORAL_ADDRESS'] ?? '';
  temporal = await startTcpProxy(Number(address.split(':')[1]));
  installation = await createInstallation({ env: { TEMPORAL_ADDRESS: `127.0.0.1:${temporal.port}` } });
}, 120_000);
afterAll(async () => {
  await installation.close();
  await temporal.close();
});

it('Temporal away for 12 s: Flux retries until the event is recorded, which is then promoted once', async () => {
  const api = await installation.startApi();
  await installation.startWorker();
  const pushes = recordPushes(installation);
  const event = installation.sign({ version: '1.1.0', release: 2 });

  temporal.shut();
  const outage = delay(12_000).then(() => temporal.open());
  const delivery = await deliverEvent(event.url, event.headers, event.body);
  await outage;

  expect(delivery).toMatchObject({ delivered: true, status: 202 });
  await eventually(() => expect(answersIn(api.output())).toEqual([503, 202]));
  await ended(installation, '1.1.0', 'pull-request', { limitMs: 90_000 });
  await expectPromoted(installation, '1.1.0');
  expect(pushes.map(({ branch }) => branch)).toEqual([branchOf('staging')]);
}, 180_000);

/** The status of each answer that the webhook gave, from its log. */
function answersIn(log: string): number[] {
  return log.split('\n').flatMap((line) => {
    const { msg, status } = JSON.parse(line) as { readonly msg?: string; readonly status?: number };
    return msg === 'webhook request' && status !== undefined ? [status] : [];
  });
}
