import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { msToTs } from '@temporalio/common/lib/time';
import { type EnvironmentFact } from '../../src/domain/environment-fact';
import { createLaneReporter } from '../../src/temporal/lanes';
import { ensureSearchAttributesSoon } from '../../src/temporal/search-attributes';
import { deployment, noon } from '../support/events';
import { eventually } from '../support/eventually';
import { createWorkflowEnvironment } from '../support/workflow-environment';

it("says in Temporal's own words why an event cannot be recorded, when waiting will not mend it", async () => {
  const environment = await createWorkflowEnvironment();
  const { connection } = environment.client;
  const reporter = createLaneReporter(new Client({ connection, namespace: 'no-such-namespace' }));
  const report = reporter.report(deployment({ version: '1.1.0' }), 'staging', 1_000);
  await expect(report).rejects.toMatchObject({
    name: 'TemporalUnavailable',
    message: expect.stringMatching(
      /recorded in Temporal \(Namespace not found: 'no-such-namespace'\)\. Check/,
    ),
  });
  await environment.close();
});

it('needs no worker to have been there before, nor a namespace when it starts', async () => {
  const connection = await Connection.connect({ address: process.env['WINDLASS_TEST_TEMPORAL_ADDRESS']! });
  const client = new Client({ connection, namespace: `test-${randomUUID()}` });
  const failures: unknown[] = [];
  const preparation = ensureSearchAttributesSoon(client, (error) => failures.push(error));
  await eventually(() => failures.length > 0);
  await connection.workflowService.registerNamespace({
    namespace: client.options.namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  const report = () => createLaneReporter(client).report(deployment({ version: '1.1.0' }), 'staging', 1_000);
  await expect(eventually(report)).resolves.toEqual({ lane: 'lane/apps/shop/staging' });
  await preparation.close();
  await connection.close();
});

it('starts the lane with a fact, and leaves the fact with it, as often as it is recorded', async () => {
  const environment = await createWorkflowEnvironment();
  const { client } = environment;
  const reporter = createLaneReporter(client);
  const pipeline = { namespace: 'apps', name: 'shop' };
  const fact: EnvironmentFact = {
    kind: 'tests-failed',
    environment: 'prod',
    identity: 'a'.repeat(64),
    version: '1.1.0',
    reporter: 'uid-a',
    at: noon,
    object: 'prod/shop',
    targets: 1,
  };
  const recorded = await Promise.all([
    reporter.recordFact(pipeline, fact, 'prod', 5_000),
    reporter.report(deployment({ version: '1.1.0' }), 'prod', 5_000),
  ]);
  await reporter.recordFact(pipeline, fact, 'prod', 5_000);
  expect(recorded).toEqual([{ lane: 'lane/apps/shop/prod' }, { lane: 'lane/apps/shop/prod' }]);

  const { events } = await client.workflow.getHandle('lane/apps/shop/prod').fetchHistory();
  const received = (events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signal }) =>
    signal
      ? [[signal.signalName, defaultPayloadConverter.fromPayload(signal.input?.payloads?.[0] ?? {})]]
      : [],
  );
  expect(received.filter(([name]) => name === 'fact')).toEqual([
    ['fact', fact],
    ['fact', fact],
  ]);
  expect(received.filter(([name]) => name === 'report')).toHaveLength(1);
  await environment.close();
});
