import { connectWorker, temporalTargetAt } from '../../src/temporal/connection';
import { startTcpProxy } from '../support/tcp-proxy';

it('a worker that starts before Temporal waits for it', async () => {
  const port = Number(process.env['WINDLASS_TEST_TEMPORAL_ADDRESS']?.split(':')[1]);
  const proxy = await startTcpProxy(port);
  proxy.shut();
  const failures: string[] = [];
  const connection = await connectWorker(
    temporalTargetAt(`127.0.0.1:${proxy.port}`, 'default'),
    (failure) => {
      failures.push(failure.message);
      proxy.open();
    },
  );
  expect(failures).toEqual([
    `Temporal at 127.0.0.1:${proxy.port} cannot be reached. Check that the Temporal server is running and its address is correct.`,
  ]);
  await connection.close();
  await proxy.close();
});
