import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';

/** The run's Temporal server, as one test file uses it. */
export interface TestTemporalConnection {
  readonly address: string;
  readonly namespace: string;
  /** For `Worker.create({ workflowBundle: { codePath } })`. */
  readonly workflowBundle: { readonly codePath: string };
  readonly connection: Connection;
  readonly client: Client;
  /** For workers. */
  readonly native: NativeConnection;
  close(): Promise<void>;
}

/** Only in projects with the Temporal global set-up (jest.config.js). */
export async function connectTestTemporal(): Promise<TestTemporalConnection> {
  const address = variable('WINDLASS_TEST_TEMPORAL_ADDRESS');
  const namespace = process.env['WINDLASS_TEST_TEMPORAL_NAMESPACE'] ?? 'default';
  const connection = await Connection.connect({ address });
  const native = await NativeConnection.connect({ address });
  return {
    address,
    namespace,
    workflowBundle: { codePath: variable('WINDLASS_TEST_WORKFLOW_BUNDLE') },
    connection,
    native,
    client: new Client({ connection, namespace }),
    async close() {
      await connection.close();
      await native.close();
    },
  };
}

function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: this project needs the Temporal global set-up`);
  return value;
}
