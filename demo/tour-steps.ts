import { z } from 'zod';
import { promotionBranch } from '../src/domain/promotion/promotion-branch-name';
import { gatesCheckName } from '../src/providers/port';
import { gatesCheck, laneSays, soon, unlessEnded } from './awaited';
import { type Deployment, manifestPath, type TestRun } from './cluster/cluster';
import { type Delivery } from './cluster/deliver-event';
import { DemoFailure } from './demo-failure';
import { fleet, helmReleaseManifest } from './demo-fleet';
import { enterComesFirst } from './enter-or-work';
import { isOneLineChange } from './one-line-change';
import { followRun, type PromotionRun } from './promotion-run';
import { type DemoPullRequest } from './services/demo-service';
import { type TourOptions } from './tour-options';

const answerSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('accepted'), event: z.string() }),
  z.object({ status: z.literal('recorded'), meaning: z.string() }),
  z.object({ status: z.literal('ignored'), reason: z.string() }),
]);

/** Sets a new version in dev. */
export async function release({ service }: TourOptions, version: string): Promise<void> {
  const [first] = fleet.environments;
  const change = { [manifestPath(first)]: helmReleaseManifest(first, version) };
  await service.commit(fleet.repository, 'main', change, `Release ${version} to ${first}`);
}

export function deployed(options: TourOptions, environment: string, version: string): Promise<Deployment> {
  const isThis = (each: Deployment): boolean => each.environment === environment && each.version === version;
  return soon(options, `${environment} deploys ${version}`, options.deployments.next(isThis));
}

/** The promotion into the next environment that Windlass starts for a deployment. */
export function run(
  { terminal, temporal, temporalUiUrl }: TourOptions,
  { environment, version, delivery }: Deployment,
  to: string,
): PromotionRun {
  const answer = answerOf(delivery, environment);
  if (answer.status !== 'accepted')
    throw new DemoFailure(`Windlass does not promote: ${JSON.stringify(answer)}`);
  terminal.note(`The cluster reports it to Windlass: POST /promotion/…/${environment}, signed; answer 202.`);
  const started = followRun(temporal, { from: environment, to, version, identity: answer.event });
  const page = `${temporalUiUrl}/namespaces/default/workflows/${encodeURIComponent(started.workflowId)}`;
  terminal.fact('Promotion', page);
  return started;
}

/** Waits for the pull request. @param previous what it must replace */
export async function proposed(
  options: TourOptions,
  promotion: PromotionRun,
  previous: string,
): Promise<DemoPullRequest> {
  const { terminal, service } = options;
  const { to, version } = promotion;
  const branch = promotionBranch(fleet.pipeline, to);
  const pullRequest = await soon(
    options,
    `Windlass opens the pull request for ${to}`,
    unlessEnded(
      promotion,
      options.opened.next(({ head }) => head === branch),
    ),
  );
  terminal.fact('Pull request', service.pageOf(fleet.repository, pullRequest.number));
  const diff = await service.diff(fleet.repository, pullRequest.number);
  terminal.diff(diff);
  if (!isOneLineChange(diff, previous, version))
    throw new DemoFailure(`The pull request for ${to} changes more or less than one version:\n${diff}`);
  return pullRequest;
}

/** Waits for the merge. */
export async function merged(
  options: TourOptions,
  promotion: PromotionRun,
  { number }: DemoPullRequest,
): Promise<void> {
  const { terminal, service, once } = options;
  const { to, version } = promotion;
  const green = unlessEnded(promotion, gatesCheck(options, number, 'success'));
  await soon(options, `the check ${gatesCheckName} is green`, green);
  const merge = options.merged.next((each) => each.number === number);
  const waits = `${to} waits for the merge`;
  if (once) {
    await service.mergePullRequest(fleet.repository, number);
  } else if (service.whyEnterMerges === undefined) {
    terminal.note(`Merge it on its page, and ${to} gets ${version}. Ctrl-C ends the demo.`);
  } else {
    terminal.note(`Press Enter here to merge it, and ${to} gets ${version}. Ctrl-C ends the demo.`);
    if (await enterComesFirst(options, waits, unlessEnded(promotion, merge))) {
      terminal.takeBackEnter();
      await service.mergePullRequest(fleet.repository, number);
    }
  }
  await terminal.waiting(waits, unlessEnded(promotion, merge));
  await expectOnMain(options, to, version);
  terminal.fact('Merged', `main sets ${version} for ${to}`);
}

/** The environment has reported what was merged. */
export async function completed(options: TourOptions, { to, ended }: PromotionRun): Promise<void> {
  const state = await soon(options, `the promotion into ${to} ends as deployed`, ended);
  if (state !== 'deployed') throw new DemoFailure(`The promotion into ${to} ended as ${state}.`);
  options.terminal.fact('Deployed', `${to} runs what was merged: that promotion is complete`);
}

/** A newer version takes the place of one that waits. */
export async function superseded(
  options: TourOptions,
  { to, version, ended }: PromotionRun,
  by: string,
): Promise<void> {
  const state = await soon(options, `${by} takes the place of ${version}`, ended);
  if (state !== 'superseded')
    throw new DemoFailure(`The promotion of ${version} into ${to} ended as ${state}.`);
  options.terminal.fact('Superseded', `${by} takes the place of ${version}, which waited`);
}

/** Waits for the Helm tests, which pass unless the version is the broken one. */
export async function tested(options: TourOptions, environment: string, version: string): Promise<void> {
  const isThis = (each: TestRun): boolean => each.environment === environment && each.version === version;
  const label = `the Helm tests of ${version} end in ${environment}`;
  recorded(options, await soon(options, label, options.tests.next(isThis)));
}

/** What the environment says is only recorded. */
export function recorded(
  { terminal }: TourOptions,
  { environment, delivery }: Pick<Deployment, 'environment' | 'delivery'>,
): void {
  const answer = answerOf(delivery, environment);
  if (answer.status !== 'recorded')
    throw new DemoFailure(`Windlass did not record the event from ${environment}.`);
  terminal.fact('Recorded', answer.meaning);
}

/** The promotion waits because of the tests that failed. @param kept what its environment still runs */
export async function notProposed(
  options: TourOptions,
  { from, to, version }: PromotionRun,
  kept: string,
): Promise<void> {
  const { terminal, service } = options;
  const sentence = `${to} waits for ${version}: the Helm tests failed in ${from}`;
  await soon(options, `the lane says: ${sentence}`, laneSays(options, to, sentence));
  terminal.fact(`Lane into ${to}`, sentence);
  const branch = promotionBranch(fleet.pipeline, to);
  if ((await service.pullRequests(fleet.repository)).some(({ head }) => head === branch))
    throw new DemoFailure(`${version} was proposed for ${to}, although its tests failed.`);
  await expectOnMain(options, to, kept);
  terminal.fact('Not proposed', `${to} keeps ${kept}, without a pull request`);
}

async function expectOnMain({ service }: TourOptions, environment: string, version: string): Promise<void> {
  const manifest = await service.readFile(fleet.repository, 'main', manifestPath(environment));
  if (manifest === helmReleaseManifest(environment, version)) return;
  throw new DemoFailure(`${manifestPath(environment)} on main does not set ${version} alone:\n${manifest}`);
}

function answerOf(delivery: Delivery, environment: string): z.output<typeof answerSchema> {
  if (!delivery.delivered)
    throw new DemoFailure(`Windlass did not accept the event from ${environment}: ${delivery.reason}`);
  return answerSchema.parse(JSON.parse(delivery.body));
}
