/** What hostile repositories and Git servers cost the whole program, and that other promotions go on meanwhile. */
import { findProcess } from '../../src/temporal-server/processes';
import { createInstallation, type Installation } from '../support/installation';
import { ended } from '../support/lane-outcomes';
import { type GitHttpServer, startGitHttpServer } from '../support/git-http-server';
import { endlessMessages, endlessPack, endlessRefs, type Attack } from '../support/hostile-git-server';
import { treeBomb, zeroBomb } from '../support/hostile-repository';
import { type MemoryWatch, watchFamilyMemory } from '../support/memory-watch';
import { type Program } from '../support/program';
import { guestFailure, withGuest } from '../support/second-pipeline';

const mebibyte = 1024 * 1024;
/** Of the guest's Pipeline. */
const marker = 'apps:guest:staging';

let server: GitHttpServer;
let bare: string;
let installation: Installation;
let worker: Program;
let memory: MemoryWatch;

beforeEach(async () => {
  server = await startGitHttpServer();
  bare = server.createRepository('guest/fleet');
  letEverybodyIn();
  installation = await createInstallation({
    pipeline: withGuest(() => `${server.url}/guest/fleet.git`),
    flags: ['--promotion-retry-delay=1', '--promotion-retry-max-delay=1'],
  });
  await installation.startApi();
  worker = await installation.startWorker();
  // The first promotion loads what every other one uses too.
  await installation.report({ version: '1.1.0', release: 2 });
  await ended(installation, '1.1.0', 'pull-request');
  memory = await watchFamilyMemory(worker.pid);
}, 120_000);
afterEach(async () => {
  memory.stop();
  await installation.close();
  await server.close();
});

function letEverybodyIn(): void {
  server.intercept = ({ headers }) => {
    if (headers.authorization !== undefined) server.accepted.add(headers.authorization);
    return false;
  };
}

async function expectHarmless(code: string): Promise<void> {
  await installation.report({ pipeline: 'guest', version: '2.0.0', uid: 'guest' });
  await installation.report({ version: '1.2.0', release: 3 });
  expect((await guestFailure(installation, '2.0.0', 180_000)).code).toBe(code);
  await ended(installation, '1.2.0', 'pull-request');
  expect(memory.growth()).toBeLessThan(300 * mebibyte);
  expect(await findProcess(worker.pid)).toBeDefined();
}

it.each<[string, Attack]>([
  ['refs', endlessRefs],
  ['messages', endlessMessages],
  ['a pack', endlessPack],
])(
  'a Git server that sends %s without end costs at most 300 MiB',
  async (_name, attack) => {
    server.intercept = attack;
    await expectHarmless('repository-too-large');
  },
  300_000,
);

it('a repository of 216 KiB with 10^10 marked files costs at most 300 MiB', async () => {
  treeBomb(bare, marker, 9);
  await expectHarmless('repository-too-large');
}, 300_000);

it('a manifest that unfolds to 500 MB costs at most 300 MiB', async () => {
  await zeroBomb(bare, 500_000_000);
  await expectHarmless('repository-too-large');
}, 300_000);
