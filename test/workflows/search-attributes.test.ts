import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { temporal } from '@temporalio/proto';
import { pino } from 'pino';
import { TemporalOutage } from '../../src/temporal/outage';
import { ensureSearchAttributes, ensureSearchAttributesSoon } from '../../src/temporal/search-attributes';
import { eventually } from '../support/eventually';

const address = process.env['WINDLASS_TEST_TEMPORAL_ADDRESS']!;
const { INDEXED_VALUE_TYPE_KEYWORD: keyword, INDEXED_VALUE_TYPE_DATETIME: datetime } =
  temporal.api.enums.v1.IndexedValueType;

let connection: Connection;
let client: Client;
beforeEach(async () => {
  connection = await Connection.connect({ address });
  client = new Client({ connection, namespace: `test-${randomUUID()}` });
});
afterEach(() => connection.close());

async function registerNamespace(attributes: readonly string[], type = keyword): Promise<void> {
  const { namespace } = client.options;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: msToTs('1 day'),
  });
  const searchAttributes = Object.fromEntries(attributes.map((name) => [name, type]));
  await eventually(() => connection.operatorService.addSearchAttributes({ namespace, searchAttributes }));
}

it('a namespace without room for our search attributes: a remedy that works', async () => {
  await registerNamespace(Array.from({ length: 8 }, (_, index) => `Team${index}`));
  await expect(ensureSearchAttributes(client)).rejects.toThrow(
    /this namespace has no room for 4 more Keyword attributes: give Windlass one of its own \(TEMPORAL_NAMESPACE\)/,
  );
  await expect(ensureSearchAttributes(client)).rejects.not.toThrow(/search-attribute create/);
});

it('a namespace without room for a time says that it is that', async () => {
  await registerNamespace(['Built', 'Bought', 'Sold'], datetime);
  await expect(ensureSearchAttributes(client)).rejects.toThrow(
    /has no room for 1 more Datetime attribute: give/,
  );
});

it('what is missing is made with its type, and what is there stays', async () => {
  await registerNamespace(['WindlassPipeline', 'Team']);
  await ensureSearchAttributes(client);
  await eventually(async () => {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace: client.options.namespace,
    });
    expect([customAttributes['WindlassPipeline'], customAttributes['WindlassChangedAt']]).toEqual([
      keyword,
      datetime,
    ]);
  });
});

it('many tries leave nothing behind, and are told once', async () => {
  const warnings: string[] = [];
  const onWarning = (warning: Error) => warnings.push(warning.name);
  process.on('warning', onWarning);
  const told: string[] = [];
  const log = pino(
    {},
    { write: (line: string) => void told.push((JSON.parse(line) as { msg: string }).msg) },
  );
  const outage = new TemporalOutage({ address, namespace: client.options.namespace }, log);
  let tries = 0;
  const preparation = ensureSearchAttributesSoon(
    client,
    (error) => {
      tries += 1;
      outage.failed(error);
    },
    () => outage.over(),
    { firstMs: 1, longestMs: 1 },
  );
  await eventually(() => tries > 12);
  await registerNamespace(['Team']);
  await eventually(() => told.length > 1);
  expect(told).toEqual([
    expect.stringMatching(/has no namespace test-.* Create it, or set TEMPORAL_NAMESPACE\.$/),
    `Temporal at ${address} answers again.`,
  ]);
  expect(warnings).toEqual([]);
  process.off('warning', onWarning);
  await preparation.close();
});
