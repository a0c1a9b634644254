import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { createLaneReporter } from '../../src/temporal/lanes';
import { ensureSearchAttributesSoon } from '../../src/temporal/search-attributes';
import { deployment } from '../support/events';
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
