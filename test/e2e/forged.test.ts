/** Someone reaches Temporal's port, and has read what is in it: nothing is pushed that no one allowed. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type WorkflowHandle, WorkflowFailedError } from '@temporalio/client';
import { parse, stringify } from 'yaml';
import { type DecisionClaim } from '../../src/domain/capability/claim';
import { type DecisionInput } from '../../src/domain/approvals/decision';
import { type DeploymentEvent } from '../../src/domain/event';
import { type PromotionTask } from '../../src/domain/promotion/promotion';
import { laneId, promotionId, promotionWorkflow, taskQueue } from '../../src/workflows/contract/ids';
import {
  approveUpdate,
  overrideUpdate,
  type PromotionMemo,
  pullRequestSignal,
  reconsiderSignal,
  rejectUpdate,
  reportSignal,
} from '../../src/workflows/contract/messages';
import { alice, approvalClaim, capabilitiesWith, testKey } from '../support/capability';
import { deployment, pipelineRef } from '../support/events';
import { eventually } from '../support/eventually';
import {
  createInstallation,
  type Installation,
  pipelineManifest,
  pullRequestPromotion,
  repository,
} from '../support/installation';
import { writeKeyFile } from '../support/key-file';
import { ended, openPullRequests } from '../support/lane-outcomes';
import { promotionShows } from '../support/promotion-states';

const { sign } = capabilitiesWith([testKey('test')]);
const prod = { from: 'staging', to: 'prod' } as const;

let directory: string;
let installation: Installation;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'windlass-keys-'));
  const keyFile = join(directory, 'keys.yaml');
  await writeKeyFile(keyFile, [testKey('test')]);
  installation = await createInstallation({
    flags: [
      '--promotion-retry-delay=0',
      '--promotion-hook-rate-limit=1000',
      `--capability-key-file=${keyFile}`,
    ],
    pipeline: (forge) => {
      const manifest = parse(pipelineManifest(pullRequestPromotion(forge))) as {
        spec: { environments: object[] };
      };
      manifest.spec.environments[2] = {
        ...manifest.spec.environments[2],
        gates: { approvals: { required: 2 } },
      };
      return stringify(manifest);
    },
  });
  await Promise.all([installation.startApi(), installation.startWorker()]);
}, 120_000);
afterAll(async () => {
  await installation.close();
  await rm(directory, { recursive: true });
});

let releases = 1;
/** Reports a version in staging, and waits until its promotion into prod waits for approvals. */
async function waiting(version: string): Promise<WorkflowHandle> {
  releases += 1;
  const answer = await installation.report({ environment: 'staging', version, release: releases });
  const { event } = (await answer.json()) as { readonly event: string };
  const id = promotionId(pipelineRef, 'prod', version, event);
  await promotionShows(installation.client, id, 'waiting-for-approval');
  return installation.client.workflow.getHandle(id);
}
const people = (name: string) => ({ ...alice, name });

function decisionOf(
  promotion: WorkflowHandle,
  version: string,
  by: string,
  claim: Partial<DecisionClaim> = {},
): DecisionInput {
  const claimed = approvalClaim(promotion.workflowId, version, Date.now(), { actor: people(by), ...claim });
  return { version, by, via: 'oidc', capability: sign(claimed) };
}
const approve = (promotion: WorkflowHandle, input: DecisionInput) =>
  promotion.executeUpdate(approveUpdate, { args: [input] });

/** How a promotion failed: its code. */
async function failure(promotion: WorkflowHandle): Promise<string | undefined> {
  const error: unknown = await promotion.result().catch((reason: unknown) => reason);
  return error instanceof WorkflowFailedError ? (error.cause as { type?: string }).type : String(error);
}
const nothingIsProposed = (version: string): void =>
  expect(openPullRequests(installation).map(({ title }) => title)).not.toContainEqual(
    expect.stringContaining(version),
  );
const eventOf = async (promotion: WorkflowHandle): Promise<DeploymentEvent> => {
  const { memo } = await promotion.describe();
  return (memo as unknown as PromotionMemo).task.event;
};

function forgedStart(task: PromotionTask): Promise<WorkflowHandle> {
  const { pipeline, to, version, event } = task;
  return installation.client.workflow.start(promotionWorkflow, {
    taskQueue,
    workflowId: promotionId(pipeline, to, version, event.identity),
    args: [task],
  });
}

describe('a forged start of a promotion', () => {
  const forged = deployment({ version: '6.6.6', release: 1 });
  const task = { action: 'promote', pipeline: pipelineRef, followed: true } as const;

  it('promotes nothing without a token', async () => {
    const promotion = await forgedStart({
      ...task,
      from: 'dev',
      to: 'staging',
      version: '6.6.6',
      event: forged,
    });
    expect(await failure(promotion)).toBe('not-authorized');
    nothingIsProposed('6.6.6');
  });

  it('promotes nothing with the token of another report', async () => {
    const real = await eventOf(await waiting('1.1.0'));
    expect(real.capability).toMatch(/^wl1\.test\./);
    const event = deployment({ version: '6.6.7', release: 1, environment: 'staging' });
    const approvals = [{ by: 'oidc:alice', at: Date.now() }];
    const promotion = await forgedStart({
      ...task,
      ...prod,
      version: '6.6.7',
      event: { ...event, capability: real.capability! },
      approvals,
      overridden: [
        {
          gates: ['approvals'],
          by: 'oidc:alice',
          via: 'oidc',
          reason: 'x',
          at: 1,
          capability: real.capability!,
        },
      ],
    });
    expect(await failure(promotion)).toBe('not-authorized');
    nothingIsProposed('6.6.7');
  });

  it('promotes nothing again that a person decided against: its lane knows', async () => {
    await installation.report({ version: '1.1.1', release: 2 });
    const { inHand } = await ended(installation, '1.1.1', 'pull-request');
    const [{ number } = { number: 0 }] = openPullRequests(installation);
    const { event } = inHand!;
    const promotion = installation.client.workflow.getHandle(
      promotionId(pipelineRef, 'staging', '1.1.1', event.identity),
    );
    await installation.forge.closePullRequest(repository, number, 'bob');
    await promotion.signal(pullRequestSignal, { number, state: 'closed', by: 'bob' });
    await ended(installation, '1.1.1', 'closed');

    const again = await forgedStart({ ...task, from: 'dev', to: 'staging', version: '1.1.1', event });
    await expect(again.result()).rejects.toMatchObject({
      cause: {
        type: 'not-authorized',
        message: expect.stringContaining('1.1.1 is held in staging: a person decided against it.') as string,
      },
    });
    nothingIsProposed('1.1.1');
  });
});

it('a forged report promotes nothing, in a lane that runs or one that it starts', async () => {
  const event = deployment({ version: '7.7.7', release: 99, environment: 'dev', at: Date.now() });
  const lane = installation.client.workflow.getHandle(laneId(pipelineRef, 'staging'));
  await lane.signal(reportSignal, event);
  const promotion = installation.client.workflow.getHandle(
    promotionId(pipelineRef, 'staging', '7.7.7', event.identity),
  );
  await eventually(() => promotion.describe());
  expect(await failure(promotion)).toBe('not-authorized');
  nothingIsProposed('7.7.7');
});

it('an approval without a token is refused, with what to do', async () => {
  const promotion = await waiting('2.0.0');
  await expect(approve(promotion, { version: '2.0.0', by: 'oidc:alice' })).rejects.toMatchObject({
    cause: {
      message:
        'Nothing vouches for who sends this: Temporal does not know people. Use windlass approve apps/shop prod 2.0.0, or the API.',
    },
  });
  const override = { version: '2.0.0', gates: ['approvals'], by: 'oidc:alice', reason: 'Hotfix' };
  await expect(promotion.executeUpdate(overrideUpdate, { args: [override] })).rejects.toMatchObject({
    cause: { message: expect.stringContaining('windlass override apps/shop prod 2.0.0') as string },
  });
  await expect(
    promotion.executeUpdate(rejectUpdate, { args: [{ version: '2.0.0', by: 'oidc:alice' }] }),
  ).rejects.toMatchObject({ cause: { message: expect.stringContaining('windlass reject') as string } });
  nothingIsProposed('2.0.0');
});

it.each<readonly [string, string, (good: DecisionInput, promotion: WorkflowHandle) => DecisionInput]>([
  [
    'of another promotion',
    '2.1.0',
    (good, promotion) => decisionOf(promotion, '2.1.0', good.by, { promotion: `${promotion.workflowId}0` }),
  ],
  [
    'of another version',
    '2.2.0',
    (good, promotion) => decisionOf(promotion, '2.2.0', good.by, { version: '2.1.0' }),
  ],
  ['with another name', '2.3.0', (good) => ({ ...good, by: 'oidc:mallory' })],
  [
    'of another key',
    '2.4.0',
    (good, { workflowId }) => {
      const other = capabilitiesWith([testKey('test', 9)]);
      const claim = approvalClaim(workflowId, '2.4.0', Date.now(), { actor: people(good.by) });
      return { ...good, capability: other.sign(claim) };
    },
  ],
])('an approval with a token %s opens no pull request', async (_what, version, forge) => {
  const promotion = await waiting(version);
  await approve(promotion, decisionOf(promotion, version, 'oidc:bob'));
  await approve(promotion, forge(decisionOf(promotion, version, 'oidc:carol'), promotion));
  expect(await failure(promotion)).toBe('not-authorized');
  nothingIsProposed(version);
});

it('gates that no one with the right to do so opened stay closed', async () => {
  const promotion = await waiting('2.5.0');
  const { capability } = decisionOf(promotion, '2.5.0', 'oidc:alice');
  const override = {
    version: '2.5.0',
    gates: ['approvals'],
    by: 'oidc:alice',
    via: 'oidc',
    reason: 'Now',
    capability: capability!,
  } as const;
  await promotion.executeUpdate(overrideUpdate, { args: [override] });
  expect(await failure(promotion)).toBe('not-authorized');
  nothingIsProposed('2.5.0');
});

it('a promotion that is reset to before its rejection acts on nothing that was approved before it', async () => {
  const freeze = join(installation.pipelinesDir, 'freeze.yaml');
  await writeFile(
    freeze,
    stringify({
      apiVersion: 'pipelines.weave.works/v1alpha1',
      kind: 'Freeze',
      metadata: { name: 'holidays', namespace: 'apps' },
      spec: { environments: ['prod'], reason: 'Holidays' },
    }),
  );
  releases += 1;
  const version = '2.6.0';
  const answer = await installation.report({ environment: 'staging', version, release: releases });
  const { event } = (await answer.json()) as { readonly event: string };
  const promotion = installation.client.workflow.getHandle(promotionId(pipelineRef, 'prod', version, event));
  await promotionShows(installation.client, promotion.workflowId, 'frozen');
  await approve(promotion, decisionOf(promotion, version, 'oidc:alice'));
  await approve(promotion, decisionOf(promotion, version, 'oidc:bob'));
  const rejection = decisionOf(promotion, version, 'oidc:carol', { kind: 'reject' });
  await promotion.executeUpdate(rejectUpdate, { args: [{ ...rejection, comment: 'No.' }] });
  expect(await promotion.result()).toMatchObject({ state: 'rejected', by: 'oidc:carol' });
  await rm(freeze);

  const { events } = await promotion.fetchHistory();
  const accepted = (events ?? []).findLastIndex(
    (each) => each.workflowExecutionUpdateAcceptedEventAttributes,
  );
  const before = (events ?? [])
    .slice(0, accepted)
    .findLast((each) => each.workflowTaskCompletedEventAttributes);
  await installation.client.workflowService.resetWorkflowExecution({
    namespace: installation.client.options.namespace,
    workflowExecution: { workflowId: promotion.workflowId },
    reason: 'forged',
    requestId: randomUUID(),
    workflowTaskFinishEventId: before!.eventId!,
    // Neither signals nor updates.
    resetReapplyExcludeTypes: [1, 2],
  });
  const reset = installation.client.workflow.getHandle(promotion.workflowId);
  await reset.signal(reconsiderSignal);
  expect(await failure(reset)).toBe('not-authorized');
  nothingIsProposed(version);
}, 120_000);

it('a hundred people approve at once, and the first of them are enough', async () => {
  const version = '3.0.0';
  const promotion = await waiting(version);
  const names = Array.from({ length: 100 }, (_, i) => `oidc:person-${i}`);
  const answers = await Promise.allSettled(
    names.map((name) => approve(promotion, decisionOf(promotion, version, name))),
  );
  const refusals = answers.flatMap((answer) =>
    answer.status === 'fulfilled' ? [] : [(answer.reason as { cause?: { message?: string } }).cause?.message],
  );
  expect(refusals.length).toBeLessThanOrEqual(98);
  for (const message of refusals) {
    expect(message).toMatch(/has the approvals that it needs|does not wait for approvals/);
  }
  await eventually(
    () =>
      expect(openPullRequests(installation).map(({ title }) => title)).toContain(
        'Promote apps/shop in prod to 3.0.0',
      ),
    60_000,
  );
}, 180_000);
