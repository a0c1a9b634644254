import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProcess } from '../../src/temporal-server/processes';
import { processesBelow } from '../support/child-processes';
import { nextArrival } from '../support/forge-arrivals';
import { createGate } from '../support/gate';
import { eventually } from '../support/eventually';
import { branchOf, createInstallation, type Installation } from '../support/installation';
import { ended, openPullRequests } from '../support/lane-outcomes';
import { type Program } from '../support/program';
import { expectPromoted, recordPushes } from '../support/promotion-branch-state';

/** A lost attempt is noticed by its missing heartbeats, then repeated. */
const limits = { limitMs: 90_000 };

let installation: Installation;

beforeEach(async () => {
  installation = await createInstallation();
}, 120_000);
afterEach(() => installation.close());

describe('a worker killed in the middle of an attempt', () => {
  let worker: Program;
  beforeEach(async () => {
    await installation.startApi();
    worker = await installation.startWorker();
  }, 60_000);

  it('right after it has fetched, is finished by the next worker', async () => {
    const { forge } = installation;
    const pushes = recordPushes(installation);
    const gate = createGate();
    const pushing = /service=git-receive-pack/;
    forge.failNext('git', { path: pushing, until: gate.opened });
    const arrival = nextArrival(forge, 'git', { path: pushing });
    await installation.report({ version: '1.1.0', release: 2 });
    await arrival;
    await worker.kill();
    expect(pushes).toEqual([]);
    await installation.startWorker();
    await ended(installation, '1.1.0', 'pull-request', limits);
    await expectPromoted(installation, '1.1.0');
    gate.open();
  }, 180_000);

  it('right after it has pushed, is finished by the next worker, which pushes nothing', async () => {
    const pushes = recordPushes(installation);
    const killed = new Promise<void>((resolve) => {
      installation.forge.onPush(async ({ branch }) => {
        if (branch === branchOf('staging')) await worker.kill().then(resolve);
      });
    });
    await installation.report({ version: '1.1.0', release: 2 });
    await killed;
    expect(openPullRequests(installation)).toEqual([]);
    await installation.startWorker();
    await ended(installation, '1.1.0', 'pull-request', limits);
    await expectPromoted(installation, '1.1.0');
    expect(pushes).toHaveLength(1);
  }, 180_000);

  it('right after it has opened the pull request, is finished by the next worker, which opens none', async () => {
    const pushes = recordPushes(installation);
    const killed = new Promise<void>((resolve) => {
      installation.forge.onPullRequest(() => worker.kill().then(resolve));
    });
    await installation.report({ version: '1.1.0', release: 2 });
    await killed;
    await installation.startWorker();
    await ended(installation, '1.1.0', 'pull-request', limits);
    await expectPromoted(installation, '1.1.0');
    expect(installation.forge.pullRequests('acme/fleet')).toHaveLength(1);
    expect(pushes).toHaveLength(1);
  }, 180_000);

  it('leaves a push behind that comes too late to undo a newer version', async () => {
    const { forge } = installation;
    const gate = createGate();
    // Before git learns where the branch is: later, the protocol itself would refuse the push.
    const pushing = /service=git-receive-pack/;
    forge.failNext('git', { path: pushing, until: gate.opened });
    const arrival = nextArrival(forge, 'git', { path: pushing });
    await installation.report({ version: '1.1.0', release: 2 });
    await arrival;
    const leftBehind = await processesBelow(worker.pid);
    expect(leftBehind.map(({ commandLine }) => commandLine)).toContainEqual(
      expect.stringMatching(/^git push/),
    );
    await worker.kill();
    await installation.report({ version: '1.2.0', release: 3 });
    await installation.startWorker();
    await ended(installation, '1.2.0', 'pull-request', limits);
    gate.open();
    await eventually(async () => {
      const found = await Promise.all(leftBehind.map(({ pid }) => findProcess(pid)));
      expect(found.filter((each) => each !== undefined)).toEqual([]);
    });
    await expectPromoted(installation, '1.2.0');
  }, 180_000);
});

it('api, worker and Temporal killed right after the 202: the event is promoted after the restart', async () => {
  const dev = await installation.startDev();
  const lock = join(installation.directory, 'data', 'temporal', 'temporal.lock');
  const { server } = JSON.parse(await readFile(lock, 'utf8')) as {
    readonly server: { readonly pid: number };
  };
  const gate = createGate();
  installation.forge.failNext('git', { until: gate.opened });
  const answer = await installation.report({ version: '1.1.0', release: 2 });
  const killed = dev.kill();
  process.kill(server.pid, 'SIGKILL');
  expect(answer.status).toBe(202);
  await killed;
  gate.open();
  expect(openPullRequests(installation)).toEqual([]);

  await installation.startDev();
  await eventually(() => expect(openPullRequests(installation)).toHaveLength(1), 90_000);
  await expectPromoted(installation, '1.1.0');
}, 240_000);
