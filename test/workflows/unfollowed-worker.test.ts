import { laneWorkflow, unfollowedTaskQueue } from '../../src/workflows/contract/ids';
import { serveUnfollowed } from '../../src/worker/unfollowed-worker';
import { createGate, type Gate } from '../support/gate';
import { eventually } from '../support/eventually';
import { createWorkflowEnvironment, type WorkflowEnvironment } from '../support/workflow-environment';

let environment: WorkflowEnvironment;
beforeAll(async () => {
  environment = await createWorkflowEnvironment();
});
afterAll(() => environment.close());

it('a worker serves the old task queue only while something runs there, and wakes the lanes', async () => {
  const { workflow } = environment.client;
  const shutdowns: Gate[] = [];
  const failures: unknown[] = [];
  const serving = serveUnfollowed({
    client: environment.client,
    createWorker: () => {
      const shutdown = createGate();
      shutdowns.push(shutdown);
      return Promise.resolve({ run: () => shutdown.opened, shutdown: () => shutdown.open() });
    },
    onFailure: (error) => failures.push(error),
    intervalMs: 100,
  });
  const lane = await workflow.start(laneWorkflow, {
    workflowId: 'lane/apps/old/staging',
    taskQueue: unfollowedTaskQueue,
    args: [{ pipeline: { namespace: 'apps', name: 'old' }, environment: 'staging' }],
  });
  await eventually(() => expect(shutdowns).toHaveLength(1));
  await eventually(async () => {
    const { events } = await lane.fetchHistory();
    const signals = (events ?? []).map((event) => event.workflowExecutionSignaledEventAttributes?.signalName);
    expect(signals).toContain('wake');
  });
  await lane.terminate();
  await eventually(() => shutdowns[0]?.opened.then(() => true));
  serving.close();
  await serving.stopped;
  expect(failures).toEqual([]);
});
