import { resolve } from 'node:path';
import { findProcess } from '../../src/temporal-server/processes';
import { processesBelow } from '../support/child-processes';
import { nextArrival } from '../support/forge-arrivals';
import { createGate } from '../support/gate';
import { createInstallation, type Installation } from '../support/installation';
import { eventually } from '../support/eventually';
import { ended } from '../support/lane-outcomes';
import { promotionId } from '../../src/workflows/contract/ids';
import { type Program } from '../support/program';
import { guestFailure, withGuest } from '../support/second-pipeline';

let installation: Installation;

beforeEach(async () => {
  installation = await createInstallation({
    pipeline: withGuest(({ url }) => `${url}/guest/poison.git`),
    env: { NODE_OPTIONS: `--require=${resolve(__dirname, '../support/poison.cjs')}` },
  });
  await installation.startApi();
}, 120_000);
afterEach(() => installation.close());

const gone = ({ pid }: Program) =>
  eventually(async () => expect(await findProcess(pid)).toBeUndefined(), 60_000);

it('a promotion that ends its worker is quarantined, and that worker is the only one that it ends', async () => {
  const first = await installation.startWorker();
  const answer = await installation.report({ pipeline: 'guest', version: '2.0.0', uid: 'guest' });
  const { event } = (await answer.json()) as { readonly event: string };
  await gone(first);

  const second = await installation.startWorker();
  await installation.report({ version: '1.1.0', release: 2 });
  await ended(installation, '1.1.0', 'pull-request', { limitMs: 60_000 });
  const { code, message } = await guestFailure(installation, '2.0.0', 90_000);
  expect(code).toBe('quarantined');
  expect(message).toMatch(/twice ended a process of its own, which was ended by SIGKILL\. Look for/);
  expect(await findProcess(second.pid)).toBeDefined();

  const id = promotionId({ namespace: 'apps', name: 'guest' }, 'staging', '2.0.0', event);
  const { typedSearchAttributes } = await installation.client.workflow.getHandle(id).describe();
  expect(typedSearchAttributes.getAll().map(({ value }) => value)).toContain('quarantined');
}, 240_000);

it('a neighbor that was lost with that worker is repeated and promoted', async () => {
  const first = await installation.startWorker();
  const { forge } = installation;
  const gate = createGate();
  forge.failNext('git', { until: gate.opened });
  const arrival = nextArrival(forge, 'git');
  await installation.report({ version: '1.1.0', release: 2 });
  await arrival;
  await installation.report({ pipeline: 'guest', version: '2.0.0', uid: 'guest' });
  await gone(first);
  gate.open();

  await installation.startWorker();
  await ended(installation, '1.1.0', 'pull-request', { limitMs: 90_000 });
  expect((await guestFailure(installation, '2.0.0', 90_000)).code).toBe('quarantined');
}, 240_000);

describe('the process of an attempt', () => {
  /** Starts a worker, and waits until its attempt is held up in git. */
  const hold = async (): Promise<[Program, () => void]> => {
    const { forge } = installation;
    const gate = createGate();
    forge.failNext('git', { until: gate.opened });
    const arrival = nextArrival(forge, 'git');
    const worker = await installation.startWorker();
    await arrival;
    return [worker, () => gate.open()];
  };
  const processOf = async (worker: Program): Promise<number> => {
    const below = await processesBelow(worker.pid);
    const [alone, ...more] = below.filter(({ commandLine }) => commandLine.includes('attempt-process'));
    if (alone === undefined || more.length > 0) throw new Error('exactly one attempt should run alone');
    return alone.pid;
  };
  let releaseFirst: () => void;
  beforeEach(async () => {
    await installation.report({ version: '1.1.0', release: 2 });
    const [first, release] = await hold();
    releaseFirst = release;
    await first.kill();
  }, 60_000);

  it('ends with its worker', async () => {
    const [worker, release] = await hold();
    const alone = await processOf(worker);
    await worker.kill();
    await eventually(async () => expect(await findProcess(alone)).toBeUndefined(), 30_000);
    releaseFirst();
    release();
    await installation.startWorker();
    await ended(installation, '1.1.0', 'pull-request', { limitMs: 60_000 });
  }, 240_000);

  it('is not ended by signals that a terminal sends to all processes of the worker', async () => {
    const [worker, release] = await hold();
    const alone = await processOf(worker);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(alone, signal);
    // A signal that ends a process has ended it long before this is answered.
    await installation.report({ environment: 'prod', version: '1.0.9' });
    expect(await processOf(worker)).toBe(alone);
    releaseFirst();
    release();
    await ended(installation, '1.1.0', 'pull-request', { limitMs: 60_000 });
  }, 240_000);
});
