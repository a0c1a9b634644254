/** What people read, by Flux's real notification-controller and the Alerts of docs/notifications.md. */
import { encodeFluxEvent, fluxHeaders } from '../../src/flux/encode-event';
import { eventually } from '../support/eventually';
import { type HttpRecorder, startHttpRecorder } from '../support/http-recorder';
import {
  createInstallation,
  type Installation,
  pullRequestPromotion,
  repository,
} from '../support/installation';
import { type KubeApiServer } from '../support/kube-api-server';
import { apply, freezesPath } from '../support/kube-objects';
import { ended, openPullRequests } from '../support/lane-outcomes';
import { type NotificationController, startNotificationController } from '../support/notification-controller';
import { type Program } from '../support/program';
import { startCluster } from './cluster';
import { documentedAlerting, documentedYaml } from './documented-manifests';
import { helmEvent, lanesOf, pipelineFor, pullRequestPipeline } from './reported-releases';

const receiverNames = ['slack', 'teams', 'alertmanager', 'ci'] as const;
type Receivers = Readonly<Record<(typeof receiverNames)[number], HttpRecorder>>;

let cluster: KubeApiServer;
let controller: NotificationController;
let installation: Installation;
let receivers: Receivers;
let webhook: string;
let worker: Program;

const dashboardUrl = 'https://windlass.example.com';
const notificationsPage = 'docs/notifications.md';

beforeAll(async () => {
  cluster = await startCluster();
  controller = await startNotificationController(cluster);
  installation = await createInstallation({
    cluster,
    flags: [
      `--events-addr=${controller.address}`,
      '--notices',
      `--dashboard-url=${dashboardUrl}`,
      '--promotion-hook-rate-limit=1000',
    ],
  });
  const started = receiverNames.map(async (name) => [name, await startHttpRecorder()] as const);
  receivers = Object.fromEntries(await Promise.all(started)) as Receivers;
  const { slack, teams, alertmanager, ci } = receivers;
  const alerting = [
    documentedAlerting(notificationsPage, { 'https://hooks.slack.com': slack.url }),
    documentedYaml(notificationsPage, ['type: msteams'], {
      'https://prod-00.westeurope.logic.azure.com': teams.url,
    }),
    documentedYaml(notificationsPage, ['type: alertmanager'], {
      'http://alertmanager-operated.monitoring:9093': alertmanager.url,
    }),
    documentedAlerting('docs/flux.md', { 'https://github.com': ci.url, 'my-app': 'asked' }),
  ];
  for (const manifests of alerting) await apply(cluster, manifests);
  await apply(cluster, withGates(intoStaging(await pullRequestPipeline(installation, 'asked'))));
  await apply(
    cluster,
    intoStaging(await pullRequestPipeline(installation, 'loud')).replace(
      'metadata:\n',
      'metadata:\n  annotations: { pipelines.weave.works/notify-success: "true" }\n',
    ),
  );
  await apply(cluster, pipelineFor('unmarked', pullRequestPromotion(installation.forge)));
  await controller.settled();
  const api = await installation.startApi();
  worker = await installation.startWorker();
  webhook = (await api.ready).webhook ?? '';
}, 240_000);
afterAll(async () => {
  await installation.close();
  await controller.close();
  await Promise.all(Object.values(receivers).map((each) => each.close()));
  await cluster.close();
});

/** Without `prod`, whose file has no marker. */
function intoStaging(manifest: string): string {
  const without = manifest.replace(/ +- name: prod\n +targets:\n +- namespace: prod\n/, '');
  if (without === manifest) throw new Error('There is no prod.');
  return without;
}

const withGates = (manifest: string): string =>
  `${manifest}  gates: { stage: merge, approvals: { required: 1, groups: [release-managers] } }\n`;

/** Reports that an environment runs 1.1.0. */
async function report(pipeline: string, environment = 'dev'): Promise<void> {
  const { involvedObject, ...event } = helmEvent(pipeline, { version: '1.1.0', release: 2 });
  const object = {
    ...involvedObject,
    namespace: environment,
    uid: `${involvedObject.uid}-in-${environment}`,
  };
  const body = encodeFluxEvent({ ...event, involvedObject: object });
  const headers = fluxHeaders(body, installation.hmacKey);
  const url = `${webhook}/promotion/apps/${pipeline}/${environment}`;
  await eventually(async () => (await fetch(url, { method: 'POST', headers, body })).status === 202);
}

/** Merges the pull request of a Pipeline; then `staging` runs it, so that Windlass looks at once. */
async function merge(pipeline: string): Promise<void> {
  const found = await eventually(() => {
    const opened = openPullRequests(installation).find(({ title }) => title.includes(`apps/${pipeline} `));
    if (opened === undefined) throw new Error(`There is no pull request of ${pipeline}.`);
    return opened;
  });
  await installation.forge.mergePullRequest(repository, found.number);
  await report(pipeline, 'staging');
}

/** What a receiver was sent about a Pipeline or Freeze, by the first words. */
const headings = (receiver: HttpRecorder, about: string): string[] =>
  receiver.requests
    .map(({ body }) => JSON.stringify(body))
    .filter((text) => text.includes(`apps/${about}: `))
    .map((text) => /"(?:text|message)":"([A-Z][^:]+): /.exec(text)?.[1] ?? text);

it('tells approvers in Slack once that they are needed, also when a worker restarts', async () => {
  await report('asked');
  await eventually(() => expect(headings(receivers.slack, 'asked')).toEqual(['Approval needed']), 60_000);
  expect(receivers.slack.requests).toMatchObject([
    {
      body: {
        username: 'windlass',
        attachments: [
          {
            color: 'good',
            author_name: 'promotion/asked.apps',
            text: expect.stringMatching(
              /^Approval needed: apps\/asked: staging waits for 1\.1\.0: 0 of 1 approval\. Pull request http.* is open\. To approve, use windlass approve apps\/asked staging 1\.1\.0\.$/,
            ) as unknown,
            fields: expect.arrayContaining([
              { title: 'approvers', value: '1 of group release-managers', short: false },
              { title: 'command', value: 'windlass approve apps/asked staging 1.1.0', short: false },
              {
                title: 'promotion',
                value: expect.stringContaining(
                  `${dashboardUrl}/promotions/promotion%2Fapps%2Fasked%2Fstaging%2F1.1.0%2F`,
                ) as unknown,
                short: false,
              },
            ]) as unknown,
          },
        ],
      },
    },
  ]);
  await worker.stop();
  await Promise.all([installation.startWorker(), installation.startWorker()]);
  await merge('asked');
  await eventually(
    () => expect(headings(receivers.teams, 'asked')).toEqual(['Merged outside gates']),
    60_000,
  );
  expect(headings(receivers.slack, 'asked')).toEqual(['Approval needed']);
  expect(headings(receivers.alertmanager, 'asked').sort()).toEqual([
    'Approval needed',
    'Merged outside gates',
  ]);
});

it('tells operators in Teams of a failure, once', async () => {
  await report('unmarked');
  await ended(lanesOf(installation, 'unmarked'), '1.1.0', 'failed', { limitMs: 60_000 });
  await eventually(() => expect(headings(receivers.teams, 'unmarked')).toEqual(['Promotion failed']));
});

it('tells of routine success only where the Pipeline asks for it', async () => {
  await report('loud');
  await ended(lanesOf(installation, 'loud'), '1.1.0', 'pull-request', { limitMs: 60_000 });
  await merge('loud');
  await eventually(
    () => expect(headings(receivers.alertmanager, 'loud').sort()).toEqual(['Deployed', 'Merged']),
    60_000,
  );
  expect(headings(receivers.teams, 'loud')).toEqual([]);
});

it('tells once of a Freeze that someone applies and deletes, with two workers', async () => {
  await apply(
    cluster,
    `
apiVersion: pipelines.weave.works/v1alpha1
kind: Freeze
metadata: { name: sale, namespace: apps }
spec: { reason: Summer sale., author: alice, environments: [prod] }
`,
  );
  await eventually(() => expect(headings(receivers.alertmanager, 'sale')).toEqual(['Frozen']), 60_000);
  await cluster.request('DELETE', freezesPath('apps', 'sale'));
  await eventually(
    () => expect(headings(receivers.alertmanager, 'sale')).toEqual(['Frozen', 'Freeze ended']),
    60_000,
  );
});

it('leaves CI systems alone that promote what they receive about a Pipeline', () => {
  expect(receivers.ci.requests).toEqual([]);
});
