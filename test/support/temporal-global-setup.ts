import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { startEmbeddedTemporal } from '../../src/temporal-server/start';
import { bundledWorkflows } from './workflow-bundle';
import { type TestTemporal, testTemporalKey } from './temporal-global-teardown';

/**
 * One Temporal server and one bundle of the workflow code for a whole run, handed to the test files by environment
 * variables. A server that is named already is used as it is.
 */
export default async function startTestTemporal(): Promise<void> {
  const bundle = bundledWorkflows();
  if (!process.env['WINDLASS_TEST_TEMPORAL_ADDRESS']) {
    const dataDir = await mkdtemp(join(tmpdir(), 'windlass-test-temporal-'));
    const server = await startEmbeddedTemporal({
      dataDir,
      namespace: 'windlass-test',
      moreNamespaces: true,
      log: pino({ level: 'warn' }),
    });
    (globalThis as { [testTemporalKey]?: TestTemporal })[testTemporalKey] = { server, dataDir };
    process.env['WINDLASS_TEST_TEMPORAL_ADDRESS'] = server.address;
    process.env['WINDLASS_TEST_TEMPORAL_NAMESPACE'] = server.namespace;
    process.env['WINDLASS_TEST_TEMPORAL_UI'] = server.uiUrl;
  }
  process.env['WINDLASS_TEST_WORKFLOW_BUNDLE'] = await bundle;
}
