import { type Freeze } from '../../../src/domain/freezes/freeze';
import { FreezeWatch } from '../../../src/read-model/freeze-watch';

const start = Date.UTC(2026, 10, 28, 12);
const night: Freeze = { namespace: 'apps', name: 'night', reason: 'No changes at night.' };

function watched(...freezes: Freeze[]) {
  const world = { now: start, freezes };
  let told = 0;
  const watch = new FreezeWatch({
    store: { freezes: () => Promise.resolve(world.freezes) },
    changes: { append: () => void (told += 1) },
    namespaces: () => ['apps', 'web'],
    now: () => world.now,
  });
  const look = async (): Promise<number> => {
    told = 0;
    await watch.look();
    await watch.look();
    return told;
  };
  return { world, look };
}

it('tells nothing of those that there are at the beginning', async () => {
  const { look } = watched(night);
  expect([await look(), await look()]).toEqual([0, 0]);
});

it.each<[string, Freeze[], Freeze[], number]>([
  ['was made', [], [night], 0],
  ['was removed', [night], [], 0],
  ['has another reason', [night], [{ ...night, reason: 'Stocktaking.' }], 0],
  ['begins', [{ ...night, from: start + 1_000 }], [{ ...night, from: start + 1_000 }], 1_000],
  ['ends', [{ ...night, until: start + 1_000 }], [{ ...night, until: start + 1_000 }], 1_000],
])('tells once that one %s', async (_what, before, after, passed) => {
  const { world, look } = watched(...before);
  await look();
  world.freezes = after;
  world.now += passed;
  expect([await look(), await look()]).toEqual([1, 0]);
});
