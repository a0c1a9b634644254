import { Client } from '@temporalio/client';
import { createLaneReporter } from '../../src/temporal/lanes';
import { deployment } from '../support/events';
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
