import { ApplicationFailure, WorkflowFailedError } from '@temporalio/client';
import { type temporal } from '@temporalio/proto';
import { promotionId } from '../../src/workflows/contract/ids';
import { nextArrival } from '../support/forge-arrivals';
import { createGate, type Gate } from '../support/gate';
import { createInstallation, type Installation } from '../support/installation';
import { ended } from '../support/lane-outcomes';
import { type Program } from '../support/program';
import { expectPromoted, recordPushes } from '../support/promotion-branch-state';

type Mishap = 'kill' | 'rate limit' | 'bad gateway';

const mishaps: readonly Mishap[] = [
  ...(['kill', 'kill', 'rate limit', 'kill', 'bad gateway', 'kill', 'kill'] as const),
  ...(['kill', 'bad gateway', 'kill', 'kill', 'rate limit', 'kill', 'kill'] as const),
];

let installation: Installation;
const held: Gate[] = [];

beforeEach(async () => {
  installation = await createInstallation({
    flags: ['--promotion-retry-delay=1', '--promotion-retry-threshold=3'],
  });
  await installation.startApi();
}, 120_000);
afterEach(async () => {
  for (const gate of held.splice(0)) gate.open();
  await installation.close();
});

/** Makes the next attempt come to this grief. @returns once it did; gives the worker that is left */
async function suffer(mishap: Mishap, worker: () => Promise<Program>): Promise<void> {
  const { forge } = installation;
  switch (mishap) {
    case 'kill': {
      const gate = createGate();
      held.push(gate);
      forge.failNext('git', { until: gate.opened });
      const attempt = nextArrival(forge, 'git');
      const running = await worker();
      await attempt;
      return running.kill();
    }
    case 'rate limit':
    case 'bad gateway': {
      const rateLimit = { answer: 429, headers: { 'Retry-After': '1' } };
      forge.failNext('api', mishap === 'rate limit' ? rateLimit : { answer: 502 });
      const attempt = nextArrival(forge, 'api');
      await worker();
      await attempt;
    }
  }
}

async function report(version: string): Promise<string> {
  const answer = await installation.report({ version, release: 2 });
  const { event } = (await answer.json()) as { readonly event: string };
  return promotionId({ namespace: 'apps', name: 'shop' }, 'staging', version, event);
}

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

async function historyOf(workflowId: string): Promise<readonly HistoryEvent[]> {
  return (await installation.client.workflow.getHandle(workflowId).fetchHistory()).events ?? [];
}

function failureTypes(history: readonly HistoryEvent[]): string[] {
  return history.flatMap(
    ({ activityTaskFailedEventAttributes: failed }) => failed?.failure?.applicationFailureInfo?.type ?? [],
  );
}

it('threshold 3 survives ten kills of the worker, two rate limits and two bad gateways, and succeeds', async () => {
  const pushes = recordPushes(installation);
  let worker: Program | undefined;
  const running = async (): Promise<Program> => (worker ??= await installation.startWorker());
  const workflowId = await report('1.1.0');
  for (const mishap of mishaps) {
    await suffer(mishap, running);
    if (mishap === 'kill') worker = undefined;
  }
  await running();
  await ended(installation, '1.1.0', 'pull-request', { limitMs: 60_000 });

  await expectPromoted(installation, '1.1.0');
  expect(pushes).toHaveLength(1);
  const history = await historyOf(workflowId);
  expect(failureTypes(history).sort()).toEqual([
    'provider-unavailable',
    'provider-unavailable',
    'rate-limited',
    'rate-limited',
  ]);
  const lostAttempts = history.reduce(
    (sum, { activityTaskStartedEventAttributes: started }) => sum + (started?.attempt ?? 1) - 1,
    0,
  );
  expect(lostAttempts).toBe(10);
}, 600_000);

it('three bad gateways fail it, with what went wrong as the type of the failure', async () => {
  installation.forge.failNext('api', { answer: 502, times: 3 });
  await installation.startWorker();
  const workflowId = await report('1.1.0');
  await ended(installation, '1.1.0', 'failed', { limitMs: 60_000 });
  const error: unknown = await installation.client.workflow
    .getHandle(workflowId)
    .result()
    .catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(WorkflowFailedError);
  const { cause } = error as WorkflowFailedError;
  expect(cause).toBeInstanceOf(ApplicationFailure);
  expect(cause).toMatchObject({ type: 'provider-unavailable' });
  expect(cause?.message).toMatch(/^Gave up after 3 failed attempts\. .* answered 502/);
  expect(failureTypes(await historyOf(workflowId))).toHaveLength(3);
}, 120_000);
