import { setImmediate } from 'node:timers/promises';
import { expose } from '../../../src/metrics/exposition';
import { createRegistry } from '../../../src/metrics/registry';
import { type ShownState } from '../../../src/domain/promotion/states';
import { type WaitingPromotions } from '../../../src/temporal/waiting-promotions';
import { registerWaitingMetrics, waitingStates } from '../../../src/worker/waiting-metrics';
import { eventually } from '../../support/eventually';
import { noon } from '../../support/events';

type Found = ReadonlyMap<ShownState, WaitingPromotions>;

function open(look: (states: readonly ShownState[]) => Promise<Found>) {
  const registry = createRegistry();
  const clock = { now: noon };
  let looks = 0;
  registerWaitingMetrics(
    registry,
    (states) => {
      looks += 1;
      return look(states);
    },
    () => clock.now,
  );
  return {
    clock,
    looks: () => looks,
    scrape: async () => (await expose(registry, 'text')).split('\n').filter((line) => !line.startsWith('#')),
  };
}

const found: Found = new Map([
  ['waiting-for-approval', { count: 3, oldestAt: noon - 90_000 }],
  ['pull-request', { count: 2, oldestAt: noon - 5_000 }],
]);

it('a scrape shows what waits, how long, and how many pull requests are open', async () => {
  const metrics = await open(() => Promise.resolve(found)).scrape();
  expect(metrics).toContain('windlass_promotions_waiting{state="waiting-for-approval"} 3');
  expect(metrics).toContain('windlass_promotions_waiting_oldest_seconds{state="waiting-for-approval"} 90');
  expect(metrics).toContain('windlass_pull_requests_open 2');
});

it('every state has a value, also where nothing waits', async () => {
  const metrics = await open(() => Promise.resolve(new Map())).scrape();
  for (const state of waitingStates) {
    expect(metrics).toContain(`windlass_promotions_waiting{state="${state}"} 0`);
    expect(metrics).toContain(`windlass_promotions_waiting_oldest_seconds{state="${state}"} 0`);
  }
  expect(waitingStates).toEqual(expect.arrayContaining(['suspended', 'waiting-for-window', 'retrying']));
});

it('Temporal is asked once for a scrape, and again only half a minute later', async () => {
  const { scrape, looks, clock } = open(() => Promise.resolve(found));
  await Promise.all([scrape(), scrape()]);
  clock.now += 29_999;
  expect(await scrape()).toContain(
    'windlass_promotions_waiting_oldest_seconds{state="waiting-for-approval"} 119.999',
  );
  expect(looks()).toBe(1);
  clock.now += 1;
  await scrape();
  expect(looks()).toBe(2);
});

it('a look that hangs is not joined by another one', async () => {
  let release = (): void => undefined;
  let inProgress = 0;
  let most = 0;
  const { scrape, clock } = open(async () => {
    most = Math.max(most, (inProgress += 1));
    await new Promise<void>((resolve) => (release = resolve));
    inProgress -= 1;
    return found;
  });
  const first = scrape();
  await eventually(() => expect(inProgress).toBe(1));
  clock.now += 60_000;
  const second = scrape();
  await setImmediate();
  expect(most).toBe(1);
  release();
  await first;
  await eventually(() => expect(inProgress).toBe(1));
  release();
  await second;
  expect(most).toBe(1);
});

it('a look that fails leaves the last values, is counted, and fails no scrape', async () => {
  let isDown = false;
  const { scrape, clock } = open(() => (isDown ? Promise.reject(new Error('down')) : Promise.resolve(found)));
  await scrape();
  isDown = true;
  clock.now += 30_000;
  await scrape();
  const metrics = await scrape();
  expect(metrics).toContain('windlass_promotions_waiting{state="pull-request"} 2');
  expect(metrics).toContain('windlass_promotions_waiting_errors_total 1');
});
