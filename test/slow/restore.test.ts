import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { createInstallation, type Installation, pathOf, repository } from '../support/installation';
import { ended, openPullRequests } from '../support/lane-outcomes';
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

/** A minute passes until Windlass looks at a new pull request; the environment reports nothing here. */
const untilSeen = { limitMs: 150_000 };
/** The same events whenever they are sent. */
const at = new Date();
const report = (release: number) =>
  installation.report({ version: `1.${release}.0`, release, at: new Date(at.getTime() + release) });

interface Proposal {
  readonly number: number;
  readonly title: string;
  readonly head: string;
}
const proposed = (): readonly Proposal[] =>
  openPullRequests(installation).map(({ number, title, head }) => ({
    number,
    title,
    head: JSON.stringify(head),
  }));
const deployed = async () => (await installation.manifest('staging')).match(/version: (\S+)/)?.[1];

it('an older database that is restored repeats nothing, catches up with Git, and takes lost events again', async () => {
  let now = await start();
  await report(1);
  await ended(now, '1.1.0', 'pull-request', untilSeen);
  await stop();
  await cp(data(), backup(), { recursive: true });

  // What the backup does not know: 1.1.0 and 1.2.0 are merged, 1.3.0 is proposed.
  now = await start();
  await installation.forge.mergePullRequest(repository, 1);
  await ended(now, '1.1.0', 'merged', untilSeen);
  await report(2);
  await ended(now, '1.2.0', 'pull-request', untilSeen);
  await installation.forge.mergePullRequest(repository, 2);
  await ended(now, '1.2.0', 'merged', untilSeen);
  await report(3);
  await ended(now, '1.3.0', 'pull-request', untilSeen);
  await stop();
  const before = proposed();
  expect(before).toMatchObject([{ number: 3 }]);

  await rm(data(), { recursive: true });
  await cp(backup(), data(), { recursive: true });
  now = await start();

  // The lane catches up with the merge by itself, and does nothing to the repository.
  await ended(now, '1.1.0', 'merged', untilSeen);
  expect(proposed()).toEqual(before);
  expect(await deployed()).toBe('1.2.0');

  // Events of the time between are lost until they are sent again. What Git has already is not proposed again.
  await report(2);
  await ended(now, '1.2.0', 'unchanged', untilSeen);
  expect(proposed()).toEqual(before);

  // A pull request that is open is found again.
  await report(3);
  await ended(now, '1.3.0', 'pull-request', untilSeen);
  expect(proposed()).toEqual(before);

  // An old event goes nowhere, a new one goes its way.
  await report(1);
  await report(4);
  await ended(now, '1.4.0', 'pull-request', untilSeen);
  expect(proposed()).toMatchObject([{ title: expect.stringContaining('1.4.0') }]);
  expect(await deployed()).toBe('1.2.0');
  expect(await installation.forge.readFile(repository, 'main', pathOf('staging'))).toContain('1.2.0');
});
