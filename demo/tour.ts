import { type Client } from '@temporalio/client';
import { z } from 'zod';
import { promotionBranch, promotionId } from '../src/domain/names';
import { type Deployment, manifestPath } from './cluster/cluster';
import { DemoFailure } from './demo-failure';
import { fleet, helmReleaseManifest } from './demo-fleet';
import { type Forge } from './forge/forge';
import { type PullRequestRecord } from './forge/pull-request-record';
import { type Notices } from './notices';
import { type Terminal } from './terminal';

/** For what needs nobody's help. */
const stepLimitMs = 90_000;

export interface TourOptions {
  readonly terminal: Terminal;
  readonly forge: Forge;
  readonly temporal: Client;
  readonly temporalUiUrl: string;
  readonly deployments: Notices<Deployment>;
  readonly opened: Notices<PullRequestRecord>;
  readonly merged: Notices<PullRequestRecord>;
  /** Merge by ourselves instead of waiting for somebody to press the button. */
  readonly once: boolean;
}

const answerSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('accepted'), event: z.string() }),
  z.object({ status: z.literal('ignored'), reason: z.string() }),
]);

/**
 * Gives dev a new version and follows it through every environment, checking each step.
 * @throws DemoFailure that says which step went wrong
 */
export async function tour(options: TourOptions): Promise<void> {
  const { terminal, forge } = options;
  const [first] = fleet.environments;
  const change = { [manifestPath(first)]: helmReleaseManifest(first, fleet.nextVersion) };
  await forge.commit(fleet.repository, 'main', change, `Release ${fleet.nextVersion} to ${first}`);
  for (const [index, environment] of fleet.environments.entries()) {
    const deployment = await soon(options, `${environment} deploys ${fleet.nextVersion}`, (notices) =>
      notices.deployments.next((candidate) => candidate.environment === environment),
    );
    terminal.title(`${index + 1}  ${environment} runs ${fleet.pipeline.name} ${deployment.version}`);
    const answer = webhookAnswer(deployment);
    const next = fleet.environments[index + 1];
    if (next === undefined) {
      if (answer.status !== 'ignored')
        throw new DemoFailure(`${environment} is the last one, yet Windlass promotes.`);
      terminal.fact('Nothing to do', `${environment} is the last environment`);
      return;
    }
    if (answer.status !== 'accepted') throw new DemoFailure(`Windlass ignored the event: ${answer.reason}`);
    await followPromotion(options, deployment, answer.event, next);
  }
}

async function followPromotion(
  options: TourOptions,
  { environment, version, previous }: Deployment,
  identity: string,
  next: string,
): Promise<void> {
  const { terminal, forge, temporalUiUrl } = options;
  terminal.note(`The cluster reports it to Windlass: POST /promotion/…/${environment}, signed; answer 202.`);
  const workflow = promotionId(fleet.pipeline, next, version, identity);
  const branch = promotionBranch(fleet.pipeline, next);
  const workflowPage = `${temporalUiUrl}/namespaces/default/workflows/${encodeURIComponent(workflow)}`;
  const pullRequest = await soon(
    options,
    `Windlass opens the pull request for ${next}`,
    (notices) => notices.opened.next(({ head }) => head === branch),
    ` Its workflow: ${workflowPage}`,
  );
  await soon(options, 'the workflow completes', () => options.temporal.workflow.getHandle(workflow).result());
  terminal.fact('Workflow done', workflowPage);
  terminal.fact('Pull request', `${forge.url}/${fleet.repository}/pull/${pullRequest.number}`);
  const diff = await forge.diff(fleet.repository, pullRequest.number);
  terminal.diff(diff);
  requireOneLine(diff, next, previous, version);

  const merged = options.merged.next(({ number }) => number === pullRequest.number);
  if (options.once) await forge.mergePullRequest(fleet.repository, pullRequest.number);
  if (!options.once)
    terminal.note(`Merge it on its page, and ${next} gets ${version}. Ctrl-C ends the demo.`);
  await terminal.waiting(`${next} waits for the merge`, merged);
  const manifest = await forge.readFile(fleet.repository, 'main', manifestPath(next));
  if (manifest !== helmReleaseManifest(next, version)) {
    throw new DemoFailure(
      `main has another ${manifestPath(next)} than the pull request proposed:\n${manifest}`,
    );
  }
  terminal.fact('Merged', `main gives ${next} ${version}`);
}

function webhookAnswer({ environment, delivery }: Deployment): z.output<typeof answerSchema> {
  if (!delivery.delivered) {
    throw new DemoFailure(`Windlass did not take the event from ${environment}: ${delivery.reason}`);
  }
  return answerSchema.parse(JSON.parse(delivery.body));
}

function requireOneLine(diff: string, environment: string, previous: string, version: string): void {
  const changed = diff.split('\n').filter((line) => /^[+-](?!\+\+|--)/.test(line));
  const [removed, added] = changed;
  const expected = removed?.slice(1).replace(previous, version);
  if (changed.length === 2 && removed?.startsWith('-') && added === `+${expected ?? ''}`) return;
  throw new DemoFailure(
    `The pull request for ${environment} changes more or less than one version:\n${diff}`,
  );
}

/** Waits for what must happen by itself. @throws DemoFailure after the time limit */
async function soon<T>(
  options: TourOptions,
  label: string,
  work: (options: TourOptions) => Promise<T>,
  hint = '',
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new DemoFailure(`After ${stepLimitMs / 1_000} s this has not happened: ${label}.${hint}`));
    }, stepLimitMs).unref();
  });
  try {
    return await options.terminal.waiting(label, Promise.race([work(options), limit]));
  } finally {
    clearTimeout(timer);
  }
}
