import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { pino } from 'pino';
import { type EmbeddedTemporal, startEmbeddedTemporal } from '../../../src/temporal-server/start';
import { findWaitingPromotions } from '../../../src/temporal/waiting-promotions';
import { waitingStates } from '../../../src/worker/waiting-metrics';
import { stateAttribute } from '../../../src/workflows/contract/search-attributes';
import { eventually } from '../../support/eventually';
import { noon, promotionTask } from '../../support/events';

const namespace = 'waiting';
/** More than are listed at once. */
const many = 103;
let dataDir: string;
let server: EmbeddedTemporal;
let client: Client;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'windlass-waiting-'));
  server = await startEmbeddedTemporal({ dataDir, namespace, log: pino({ level: 'silent' }) });
  client = new Client({ connection: await Connection.connect({ address: server.address }), namespace });
});

afterAll(async () => {
  await client.connection.close();
  await server.close();
  await rm(dataDir, { recursive: true });
});

const start = (workflowId: string, state: string, type = 'promotion') =>
  client.workflow.start(type, {
    workflowId,
    taskQueue: 'no-worker',
    args: [],
    memo: { task: promotionTask(1) },
    typedSearchAttributes: [{ key: stateAttribute, value: state }],
  });

it('a server counts what waits, by state, and says since when: of what runs alone', async () => {
  await start('one', 'waiting-for-approval');
  await start('other', 'waiting-for-approval');
  await start('proposed', 'pull-request');
  await start('ended', 'pull-request').then((promotion) => promotion.terminate());
  await start('no-promotion', 'pull-request', 'other');
  for (let index = 0; index < many; index += 1) await start(`suspended-${index}`, 'suspended');

  await eventually(async () => {
    const found = await findWaitingPromotions(client, waitingStates);
    expect(found.get('waiting-for-approval')).toEqual({ count: 2, oldestAt: noon });
    expect(found.get('pull-request')).toEqual({ count: 1, oldestAt: noon });
    expect(found.get('suspended')).toEqual({ count: many, oldestAt: noon });
    expect(found.get('retrying')).toEqual({ count: 0, oldestAt: undefined });
    expect([...found.keys()]).toEqual(waitingStates);
  });
});
