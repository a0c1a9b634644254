import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { createInstallation, type Installation } from '../support/installation';
import { restoresAnOlderDatabase } from '../support/older-database';
import { type Program } from '../support/program';

let installation: Installation;
let running: { readonly dev: Program; readonly connection: Connection } | undefined;
beforeAll(async () => {
  installation = await createInstallation();
});
afterAll(async () => {
  await running?.connection.close();
  await installation.close();
});

const data = () => join(installation.directory, 'data');
const backup = () => join(installation.directory, 'backup');

/** Starts `windlass dev`, with a client of its own Temporal. */
async function start(): Promise<Installation> {
  const dev = await installation.startDev();
  const { temporal } = await dev.ready;
  if (temporal === undefined) throw new Error('It said no address of Temporal.');
  const connection = await Connection.connect({ address: temporal });
  running = { dev, connection };
  return { ...installation, client: new Client({ connection, namespace: 'default' }) };
}

async function stop(): Promise<void> {
  await running?.connection.close();
  expect(await running?.dev.stop()).toBe(0);
  running = undefined;
}

// eslint-disable-next-line jest/expect-expect -- the story expects
it('an older database that is restored repeats nothing, catches up with Git, and takes lost events again', async () => {
  await restoresAnOlderDatabase({
    start,
    stop,
    backup: () => cp(data(), backup(), { recursive: true }),
    async restore() {
      await rm(data(), { recursive: true });
      await cp(backup(), data(), { recursive: true });
    },
  });
});
