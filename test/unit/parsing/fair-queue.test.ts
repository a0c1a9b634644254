import { FairQueue } from '../../../src/parsing/fair-queue';

it('lets guests take turns, each in its own order', () => {
  const queue = new FairQueue<string>();
  for (const item of ['a1', 'a2', 'a3', 'b1', 'c1', 'c2']) queue.add(item.slice(0, 1), item);
  const first = [queue.take(), queue.take()];
  queue.add('b', 'b2');
  const rest = Array.from({ length: 6 }, () => queue.take());
  expect([...first, ...rest]).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'c2', 'a3', undefined]);
});

it('forgets what is removed, and a guest with nothing else', () => {
  const queue = new FairQueue<string>();
  for (const item of ['a1', 'b1', 'b2', 'c1']) queue.add(item.slice(0, 1), item);
  for (const item of ['a1', 'b1', 'b1']) queue.remove(item.slice(0, 1), item);
  expect([queue.take(), queue.take(), queue.take()]).toEqual(['b2', 'c1', undefined]);
});
