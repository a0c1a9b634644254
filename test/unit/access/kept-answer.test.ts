import { KeptAnswer } from '../../../src/access/kept-answer';

let now: number;
let asked: PromiseWithResolvers<string>[];
let kept: KeptAnswer<string>;
beforeEach(() => {
  now = 0;
  asked = [];
  kept = new KeptAnswer(
    () => {
      const next = Promise.withResolvers<string>();
      asked.push(next);
      return next.promise;
    },
    () => now,
  );
});

it('callers at the same time share one question', async () => {
  const answers = [kept.notOlderThan(10), kept.notOlderThan(10)];
  asked[0]?.resolve('a');
  expect(await Promise.all(answers)).toEqual(['a', 'a']);
  expect(asked).toHaveLength(1);
});

it('an answer counts as long as the caller takes it', async () => {
  const first = kept.notOlderThan(10);
  asked[0]?.resolve('a');
  await first;
  now = 9;
  expect(await kept.notOlderThan(10)).toBe('a');
  now = 10;
  const second = kept.notOlderThan(10);
  asked[1]?.resolve('b');
  expect(await second).toBe('b');
});

it('after a failure it asks again, but not for five seconds', async () => {
  const first = kept.notOlderThan(10);
  asked[0]?.reject(new Error('away'));
  await expect(first).rejects.toThrow('away');
  now = 4_999;
  await expect(kept.notOlderThan(10)).rejects.toThrow('away');
  expect(asked).toHaveLength(1);
  now = 5_000;
  const second = kept.notOlderThan(10);
  asked[1]?.resolve('b');
  expect(await second).toBe('b');
});
