import { connectWorker, temporalTargetAt } from '../../src/temporal/connection';
import { type Logger } from 'pino';
import { TemporalOutage } from '../../src/temporal/outage';
import { startTcpProxy } from '../support/tcp-proxy';

it('a worker that starts before Temporal waits for it', async () => {
  const port = Number(process.env['WINDLASS_TEST_TEMPORAL_ADDRESS']?.split(':')[1]);
  const proxy = await startTcpProxy(port);
  proxy.shut();
  const told: string[] = [];
  const tell = (_fields: unknown, message: string) => void told.push(message);
  const target = temporalTargetAt(`127.0.0.1:${proxy.port}`, 'default');
  const outage = new TemporalOutage(target, { warn: tell, info: tell } as unknown as Logger);
  const connection = await connectWorker(target, (failure) => {
    outage.failed(failure);
    proxy.open();
  });
  outage.over();
  const at = `Temporal at 127.0.0.1:${proxy.port}`;
  expect(told).toEqual([
    expect.stringMatching(
      new RegExp(
        `^${at} cannot be reached \\(.*\\). Check that the server is running, and that TEMPORAL_ADDRESS and TEMPORAL_TLS are correct.$`,
      ),
    ),
    `${at} answers again.`,
  ]);
  await connection.close();
  await proxy.close();
});
