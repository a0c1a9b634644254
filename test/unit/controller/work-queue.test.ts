import { WorkQueue } from '../../../src/controller/reconciler/work-queue';
import { eventually } from '../../support/eventually';

/** Evaluations that end when the test says so. */
function held() {
  const running: { readonly key: string; readonly end: (waitMs?: number) => void }[] = [];
  const all: string[] = [];
  const queue = new WorkQueue(
    (key) =>
      new Promise((resolve) => {
        all.push(key);
        const entry = {
          key,
          end(waitMs?: number) {
            running.splice(running.indexOf(entry), 1);
            resolve(waitMs);
          },
        };
        running.push(entry);
      }),
  );
  return { queue, running, all };
}

describe('the evaluations', () => {
  it('run a few at a time, and all in the end', async () => {
    const { queue, running, all } = held();
    const keys = Array.from({ length: 10 }, (_, index) => `key-${index}`);
    keys.forEach((key) => queue.enqueue(key));
    let most = 0;
    while (all.length < keys.length || running.length > 0) {
      most = Math.max(most, running.length);
      running[0]?.end();
      await Promise.resolve();
    }
    expect(most).toBe(4);
    expect(all).toEqual(keys);
    await queue.close();
  });

  it('run once for all who ask meanwhile, after the one under way', async () => {
    const { queue, running, all } = held();
    queue.enqueue('a');
    queue.enqueue('a');
    queue.enqueue('a');
    expect(all).toEqual(['a']);
    running[0]!.end();
    await eventually(() => all.length === 2);
    running[0]!.end();
    await queue.close();
    expect(all).toEqual(['a', 'a']);
  });

  it('run again after the time that they ask for', async () => {
    const { queue, running, all } = held();
    queue.enqueue('a');
    running[0]!.end(1);
    await eventually(() => all.length === 2);
    running[0]!.end();
    await queue.close();
    expect(all).toHaveLength(2);
  });

  it('begin no more once closed, and are waited for', async () => {
    const { queue, running, all } = held();
    queue.enqueue('a');
    const closed = queue.close();
    queue.enqueue('b');
    running[0]!.end(0);
    await closed;
    expect(all).toEqual(['a']);
  });
});
