import { eventually } from '../support/eventually';
import { freePort } from '../support/free-port';
import { createInstallation, type Installation } from '../support/installation';
import { type KubeApiServer } from '../support/kube-api-server';
import { apply, getSecrets, grant } from '../support/kube-objects';
import { ended, openPullRequests } from '../support/lane-outcomes';
import { type NotificationController, startNotificationController } from '../support/notification-controller';
import { type Program } from '../support/program';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';
import { type WebhookAnswer, webhookAnswers } from '../support/webhook-log';
import { startCluster, workerRights } from './cluster';
import {
  helmEvent,
  lanesOf,
  leafCluster,
  promotedFile,
  pullRequestPipeline,
  stagingFile,
} from './reported-releases';

/** Each test has its own. */
const pipelines = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'] as const;
type PipelineName = (typeof pipelines)[number];
const version = '1.1.0';
/** The sender's last attempt is half a minute after its first, and two cores are busy. */
const promotedLimitMs = 90_000;
const accepted = { status: 202, outcome: 'accepted' };

let cluster: KubeApiServer;
let wayToCluster: TcpProxy;
let wayToTemporal: TcpProxy;
let controller: NotificationController;
let installation: Installation;
let api: Program;
const pushes: string[] = [];

beforeAll(async () => {
  cluster = await startCluster();
  wayToCluster = await startTcpProxy(Number(new URL(cluster.url).port));
  wayToTemporal = await startTcpProxy(Number(process.env['WINDLASS_TEST_TEMPORAL_ADDRESS']?.split(':')[1]));
  controller = await startNotificationController(cluster);
  const webhook = `127.0.0.1:${await freePort()}`;
  installation = await createInstallation({
    cluster: {
      ...cluster,
      kubeconfig: (user) => cluster.kubeconfig(user, `https://127.0.0.1:${wayToCluster.port}`),
    },
    flags: [`--promotion-hook-bind-address=${webhook}`, '--promotion-hook-rate-limit=1000'],
    env: { TEMPORAL_ADDRESS: `127.0.0.1:${wayToTemporal.port}` },
  });
  for (const name of pipelines) {
    await apply(cluster, await pullRequestPipeline(installation, name));
    await apply(cluster, leafCluster(installation, `http://${webhook}`, name));
  }
  installation.forge.onPush(({ branch }) => void pushes.push(branch));
  await controller.settled();
  [api] = await Promise.all([installation.startApi(), installation.startWorker()]);
}, 240_000);
afterAll(async () => {
  await installation.close();
  await controller.close();
  await Promise.all([wayToCluster.close(), wayToTemporal.close()]);
  await cluster.close();
});

const report = (name: PipelineName) => controller.post(helmEvent(name, { version, release: 2 }));

/** One push to the promotion branch of each pipeline, which holds the version. */
async function expectPromotedOnce(...names: PipelineName[]): Promise<void> {
  for (const name of names) {
    await ended(lanesOf(installation, name), version, 'pull-request', { limitMs: promotedLimitMs });
    expect(await promotedFile(installation, name)).toBe(stagingFile(name, version));
    const branch = `promotion-apps-${name}-staging`;
    expect(pushes.filter((pushed) => pushed === branch)).toHaveLength(1);
    expect(openPullRequests(installation).filter(({ head }) => head === branch)).toHaveLength(1);
  }
}

it('the webhook killed while events come in, and back: each is promoted, once', async () => {
  const before = webhookAnswers(api).length;
  await Promise.all([report('one'), report('two')]);
  await eventually(() => webhookAnswers(api).length > before);
  await api.kill();
  await Promise.all([report('three'), report('four')]);
  api = await installation.startApi();
  await expectPromotedOnce('one', 'two', 'three', 'four');
}, 180_000);

it('Temporal away until the sender was refused twice: the event is promoted, once', async () => {
  const before = webhookAnswers(api).length;
  wayToTemporal.shut();
  await report('five');
  await eventually(() => webhookAnswers(api).length >= before + 2, promotedLimitMs);
  wayToTemporal.open();
  await expectPromotedOnce('five');
  const refused = { status: 503, outcome: 'temporal-unavailable' };
  expect(webhookAnswers(api).slice(before)).toEqual([refused, refused, accepted]);
}, 180_000);

it('an event while Pipelines cannot be read, but Secrets can: it is promoted once they are', async () => {
  await api.stop();
  await grant(cluster, 'windlass', [getSecrets]);
  api = await installation.startApi();
  await eventually(() => api.output().includes('the permission to list and watch'));
  await report('six');
  await eventually(() => webhookAnswers(api).length > 0);
  await grant(cluster, 'windlass', workerRights);
  await expectPromotedOnce('six');
  expectRefusedUntilAccepted(webhookAnswers(api));
}, 180_000);

it('an event while the API server cannot be reached: it is promoted once it can', async () => {
  await api.stop();
  wayToCluster.shut();
  api = await installation.startApi();
  await report('seven');
  await eventually(() => webhookAnswers(api).length > 0);
  wayToCluster.open();
  await expectPromotedOnce('seven');
  expectRefusedUntilAccepted(webhookAnswers(api));
}, 180_000);

function expectRefusedUntilAccepted(answers: WebhookAnswer[]): void {
  const refused = answers.slice(0, -1);
  expect(refused.length).toBeGreaterThan(0);
  const unavailable = { status: 503, outcome: 'store-unavailable' };
  expect(answers).toEqual([...refused.map(() => unavailable), accepted]);
}
