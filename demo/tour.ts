import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { z } from 'zod';
import { promotionBranch } from '../src/domain/promotion/promotion-branch-name';
import { type PromotionOutcome } from '../src/domain/promotion/promotion';
import { promotionId } from '../src/workflows/contract/ids';
import { stateAttribute } from '../src/workflows/contract/search-attributes';
import { type Deployment, manifestPath } from './cluster/cluster';
import { DemoFailure } from './demo-failure';
import { fleet, helmReleaseManifest } from './demo-fleet';
import { type Forge } from './forge/forge';
import { type PullRequestRecord } from './forge/pull-request-record';
import { type Notices } from './notices';
import { isOneLineChange } from './one-line-change';
import { type Terminal } from './terminal';

/** The limit for steps that need no user. */
const stepLimitMs = 90_000;
/** The promotion starts some tens of milliseconds after the webhook's answer. */
const startPollMs = 100;

export interface TourOptions {
  readonly terminal: Terminal;
  readonly forge: Forge;
  readonly temporal: Client;
  readonly temporalUiUrl: string;
  readonly deployments: Notices<Deployment>;
  readonly opened: Notices<PullRequestRecord>;
  readonly merged: Notices<PullRequestRecord>;
  /** Windlass's last log lines. */
  readonly log: () => readonly string[];
  /** Merges automatically instead of waiting for the user. */
  readonly once: boolean;
}

const answerSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('accepted'), event: z.string() }),
  z.object({ status: z.literal('recorded'), meaning: z.string() }),
  z.object({ status: z.literal('ignored'), reason: z.string() }),
]);

/**
 * Sets a new version in dev and follows it through every environment, checking each step.
 * @throws DemoFailure that says which step failed
 */
export async function tour(options: TourOptions): Promise<void> {
  const { terminal, forge } = options;
  const [first] = fleet.environments;
  const change = { [manifestPath(first)]: helmReleaseManifest(first, fleet.nextVersion) };
  await forge.commit(fleet.repository, 'main', change, `Release ${fleet.nextVersion} to ${first}`);
  let promotion: string | undefined;
  for (const [index, environment] of fleet.environments.entries()) {
    const deployment = await soon(
      options,
      `${environment} deploys ${fleet.nextVersion}`,
      options.deployments.next((candidate) => candidate.environment === environment),
    );
    terminal.title(`${index + 1}  ${environment} runs ${fleet.pipeline.name} ${deployment.version}`);
    const answer = webhookAnswer(deployment);
    const next = fleet.environments[index + 1];
    if (next === undefined) {
      if (answer.status !== 'recorded')
        throw new DemoFailure(
          `${environment} is the last environment, but Windlass did not record the event.`,
        );
      terminal.fact('Recorded', answer.meaning);
    }
    if (promotion !== undefined) {
      await soon(
        options,
        `the promotion into ${environment} ends as deployed`,
        promotionDeployed(options.temporal, promotion),
      );
      terminal.fact('Deployed', `${environment} runs what was merged: that promotion is complete`);
    }
    if (next === undefined) return;
    if (answer.status !== 'accepted')
      throw new DemoFailure(`Windlass does not promote: ${JSON.stringify(answer)}`);
    promotion = await followPromotion(options, deployment, answer.event, next);
  }
}

/** @returns the promotion's workflow id */
async function followPromotion(
  options: TourOptions,
  { environment, version, previous }: Deployment,
  identity: string,
  next: string,
): Promise<string> {
  const { terminal, forge, temporal, temporalUiUrl } = options;
  terminal.note(`The cluster reports it to Windlass: POST /promotion/…/${environment}, signed; answer 202.`);
  const workflow = promotionId(fleet.pipeline, next, version, identity);
  const workflowPage = `${temporalUiUrl}/namespaces/default/workflows/${encodeURIComponent(workflow)}`;
  const state = await soon(
    options,
    `Windlass opens the pull request for ${next}`,
    promotionState(temporal, workflow),
    ` Look at its workflow: ${workflowPage}`,
  );
  if (state !== 'pull-request') {
    throw new DemoFailure(`The promotion into ${next} opened no pull request: it ended as ${state}.`);
  }
  const pullRequest = await soon(
    options,
    'the forge reports it',
    options.opened.next(({ head }) => head === promotionBranch(fleet.pipeline, next)),
  );
  terminal.fact('Promotion', workflowPage);
  terminal.fact('Pull request', `${forge.url}/${fleet.repository}/pull/${pullRequest.number}`);
  const diff = await forge.diff(fleet.repository, pullRequest.number);
  terminal.diff(diff);
  if (!isOneLineChange(diff, previous, version)) {
    throw new DemoFailure(`The pull request for ${next} changes more or less than one version:\n${diff}`);
  }

  const merged = options.merged.next(({ number }) => number === pullRequest.number);
  if (options.once) await forge.mergePullRequest(fleet.repository, pullRequest.number);
  if (!options.once)
    terminal.note(`Merge it on its page, and ${next} gets ${version}. Ctrl-C ends the demo.`);
  await terminal.waiting(`${next} waits for the merge`, merged);
  const manifest = await forge.readFile(fleet.repository, 'main', manifestPath(next));
  if (manifest !== helmReleaseManifest(next, version)) {
    throw new DemoFailure(`${manifestPath(next)} on main differs from the pull request:\n${manifest}`);
  }
  terminal.fact('Merged', `main sets ${version} for ${next}`);
  return workflow;
}

function webhookAnswer({ environment, delivery }: Deployment): z.output<typeof answerSchema> {
  if (!delivery.delivered) {
    throw new DemoFailure(`Windlass did not accept the event from ${environment}: ${delivery.reason}`);
  }
  return answerSchema.parse(JSON.parse(delivery.body));
}

/** The state in which the promotion has done its part; also waits for its start. @throws DemoFailure if it failed */
async function promotionState(temporal: Client, workflow: string): Promise<string> {
  const handle = temporal.workflow.getHandle(workflow);
  for (;;) {
    try {
      const { status, typedSearchAttributes } = await handle.describe();
      const state = typedSearchAttributes.get(stateAttribute) ?? '';
      if (state === 'pull-request') return state;
      if (status.name !== 'RUNNING') {
        await handle.result();
        return state;
      }
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) {
        const cause = error instanceof WorkflowFailedError ? (error.cause?.message ?? '') : String(error);
        throw new DemoFailure(`The promotion failed: ${cause}`);
      }
    }
    await sleep(startPollMs);
  }
}

/** @throws DemoFailure if it ends in another way */
async function promotionDeployed(temporal: Client, workflow: string): Promise<void> {
  const { state } = (await temporal.workflow.getHandle(workflow).result()) as PromotionOutcome;
  if (state !== 'deployed') throw new DemoFailure(`The promotion ended as ${state}.`);
}

/** Waits for something that needs no user. @throws DemoFailure after the time limit */
async function soon<T>(
  { terminal, log }: TourOptions,
  label: string,
  work: Promise<T>,
  hint = '',
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const message = `This did not happen within ${stepLimitMs / 1_000} s: ${label}.${hint}`;
      reject(new DemoFailure(`${message} Windlass's last log lines:`, log()));
    }, stepLimitMs).unref();
  });
  try {
    return await terminal.waiting(label, Promise.race([work, limit]));
  } finally {
    clearTimeout(timer);
  }
}
