import { type WorkersSeen, WorkerWatch } from '../../../src/read-model/worker-watch';

const start = Date.UTC(2026, 10, 28, 12);
const second = 1_000;

/** Workers as a test says, looked for every two seconds. */
function watched(lane: string | undefined = 'lane/apps/shop/prod') {
  const world = {
    now: start,
    lastPoll: (): Promise<number | undefined> => Promise.resolve(undefined),
    answers: (): Promise<boolean | undefined> => Promise.resolve(false),
    looks: 0,
    asked: 0,
  };
  const events: unknown[] = [];
  const watch = new WorkerWatch({
    lanes: {
      lastPoll: () => {
        world.looks += 1;
        return world.lastPoll();
      },
      answers: () => {
        world.asked += 1;
        return world.answers();
      },
    },
    changes: { append: (event, data) => void events.push({ event, data }) },
    newestLane: () => lane,
    now: () => world.now,
  });
  const pass = async (seconds: number): Promise<WorkersSeen> => {
    for (const end = world.now + seconds * second; world.now < end; world.now += 2 * second)
      await watch.look();
    return watch.seen;
  };
  return { world, events, pass };
}

const at = (seconds: number): string => new Date(start + seconds * second).toISOString();

it('is silent 30 seconds after the last poll of a worker that has died, and says since when', async () => {
  const { world, events, pass } = watched();
  world.lastPoll = () => Promise.resolve(start);
  expect(await pass(28)).toEqual({ workers: 'answering', workersAt: at(0) });
  expect(await pass(4)).toEqual({ workers: 'silent', workersAt: at(0) });
  expect(events).toEqual([
    { event: 'workers', data: { workers: 'answering', workersAt: at(0) } },
    { event: 'workers', data: { workers: 'silent', workersAt: at(0) } },
  ]);
});

it('asks a worker that has not polled for a while, seldom, and believes its answer', async () => {
  const { world, pass } = watched();
  world.lastPoll = () => Promise.resolve(start);
  world.answers = () => Promise.resolve(true);
  expect(await pass(3_600)).toMatchObject({ workers: 'answering' });
  expect(world.asked).toBeGreaterThan(100);
  expect(world.asked).toBeLessThan(300);
});

it('a worker that polls is not asked', async () => {
  const { world, pass } = watched();
  world.lastPoll = () => Promise.resolve(world.now);
  expect(await pass(600)).toMatchObject({ workers: 'answering' });
  expect([world.asked, world.looks]).toEqual([0, 60]);
});

it('a worker that starts is seen with the next look', async () => {
  const { world, pass } = watched();
  expect(await pass(20)).toEqual({ workers: 'silent' });
  world.lastPoll = () => Promise.resolve(world.now);
  expect(await pass(2)).toEqual({ workers: 'answering', workersAt: at(20) });
});

it.each([
  ['there is no lane', undefined],
  ['Temporal has lost it', 'lane/apps/shop/prod'],
])('without anyone to ask, because %s, polls count for 75 seconds', async (_why, lane) => {
  const { world, pass } = watched(lane);
  world.lastPoll = () => Promise.resolve(start);
  world.answers = () => Promise.resolve(undefined);
  expect(await pass(74)).toMatchObject({ workers: 'answering' });
  expect(await pass(4)).toMatchObject({ workers: 'silent', workersAt: at(0) });
});

it('of workers behind a Temporal that does not answer, nothing is known', async () => {
  const { world, pass } = watched();
  world.lastPoll = () => Promise.resolve(start);
  await pass(2);
  world.lastPoll = () => Promise.reject(new Error('unavailable'));
  expect(await pass(20)).toEqual({ workers: 'unknown', workersAt: at(0) });
});

it('a clock of Temporal that is ahead does not make a worker immortal', async () => {
  const { world, pass } = watched();
  world.lastPoll = () => Promise.resolve(start + 3_600 * second);
  expect(await pass(2)).toEqual({ workers: 'answering', workersAt: at(0) });
});
