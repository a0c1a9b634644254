import { rm } from 'node:fs/promises';
import { type EmbeddedTemporal } from '../../src/temporal-server/start';

/** Where the set-up leaves the server for the teardown, which runs in the same process. */
export const testTemporalKey = Symbol.for('windlass.test-temporal');

export interface TestTemporal {
  readonly server: EmbeddedTemporal;
  readonly dataDir: string;
}

export default async function stopTestTemporal(): Promise<void> {
  const started = (globalThis as { [testTemporalKey]?: TestTemporal })[testTemporalKey];
  if (!started) return;
  await started.server.close();
  await rm(started.dataDir, { recursive: true, force: true });
}
