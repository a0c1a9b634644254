import { type WorkflowHandle } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { nextArrival } from '../support/forge-arrivals';
import { createGate, type Gate } from '../support/gate';
import { createInstallation, type Installation } from '../support/installation';
import { ended } from '../support/lane-outcomes';
import { expectPromoted } from '../support/promotion-branch-state';

const limits = { limitMs: 60_000 };

let installation: Installation;
let gate: Gate;

beforeEach(async () => {
  installation = await createInstallation();
  await Promise.all([installation.startApi(), installation.startWorker()]);
  gate = createGate();
}, 120_000);
afterEach(async () => {
  gate.open();
  await installation.close();
});

const lane = (): WorkflowHandle => installation.client.workflow.getHandle(installation.lane('staging'));

/** Reports 1.1.0 and holds its attempt at the forge. */
async function promotionInAnAttempt(): Promise<void> {
  installation.forge.failNext('git', { until: gate.opened });
  const attempt = nextArrival(installation.forge, 'git');
  await installation.report({ version: '1.1.0', release: 2 });
  await attempt;
}

it('a terminated lane leaves its promotion running, and the next lane waits for it', async () => {
  await promotionInAnAttempt();
  await lane().terminate('by an operator');
  await installation.report({ version: '1.1.0', release: 2 });
  gate.open();
  await ended(installation, '1.1.0', 'pull-request', limits);
  await expectPromoted(installation, '1.1.0');
});

it('a terminated lane whose successor hears of a newer version ends at that one', async () => {
  await promotionInAnAttempt();
  await lane().terminate('by an operator');
  await installation.report({ version: '1.2.0', release: 3 });
  gate.open();
  await ended(installation, '1.2.0', 'pull-request', limits);
  await expectPromoted(installation, '1.2.0');
});

it('a lane reset to its beginning takes up the promotion that runs', async () => {
  await promotionInAnAttempt();
  const before = await lane().describe();
  await resetToFirstTask(lane());
  expect((await lane().describe()).runId).not.toBe(before.runId);
  gate.open();
  await ended(installation, '1.1.0', 'pull-request', limits);
  await installation.report({ version: '1.2.0', release: 3 });
  await ended(installation, '1.2.0', 'pull-request', limits);
  await expectPromoted(installation, '1.2.0');
});

it('a cancelled lane goes on', async () => {
  await promotionInAnAttempt();
  await lane().cancel();
  gate.open();
  await ended(installation, '1.1.0', 'pull-request', limits);
  expect((await lane().describe()).status.name).toBe('RUNNING');
  await installation.report({ version: '1.2.0', release: 3 });
  await ended(installation, '1.2.0', 'pull-request', limits);
  await expectPromoted(installation, '1.2.0');
});

async function resetToFirstTask(handle: WorkflowHandle): Promise<void> {
  const { events } = await handle.fetchHistory();
  const completed = events?.find(
    ({ workflowTaskCompletedEventAttributes: each }) => each !== null && each !== undefined,
  );
  await installation.client.workflowService.resetWorkflowExecution({
    namespace: installation.client.options.namespace,
    workflowExecution: { workflowId: handle.workflowId },
    workflowTaskFinishEventId: completed?.eventId ?? null,
    reason: 'by an operator',
    requestId: crypto.randomUUID(),
    resetReapplyType: temporal.api.enums.v1.ResetReapplyType.RESET_REAPPLY_TYPE_ALL_ELIGIBLE,
  });
}
