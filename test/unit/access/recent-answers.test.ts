import { RecentAnswers } from '../../../src/access/recent-answers';

let now = 0;
let asked = 0;
beforeEach(() => {
  now = 1_000;
  asked = 0;
});
const open = (max = 100) =>
  new RecentAnswers<boolean>({ max, keptMs: (answer) => (answer ? 10_000 : 5_000), now: () => now });
const answering = (answer: boolean) => () => {
  asked += 1;
  return Promise.resolve(answer);
};

it.each([
  [true, 10_000],
  [false, 5_000],
])('keeps the answer %s for %d ms', async (answer, keptMs) => {
  const answers = open();
  expect(await answers.get('key', answering(answer))).toBe(answer);
  now += keptMs - 1;
  expect(await answers.get('key', answering(!answer))).toBe(answer);
  expect(asked).toBe(1);
  now += 2;
  expect(await answers.get('key', answering(!answer))).toBe(!answer);
});

it('asks once for those who ask the same at the same time', async () => {
  const answers = open();
  const all = Array.from({ length: 10 }, () => answers.get('key', answering(true)));
  expect(await Promise.all(all)).toEqual(all.map(() => true));
  expect(asked).toBe(1);
});

it('keeps no failure', async () => {
  const answers = open();
  await expect(answers.get('key', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  expect(await answers.get('key', answering(true))).toBe(true);
});

it('keeps a bounded number of answers', async () => {
  const answers = open(2);
  for (const key of ['a', 'b', 'c', 'a']) await answers.get(key, answering(true));
  expect(asked).toBe(4);
});

it('answers all who ask for more at once than it keeps', async () => {
  const answers = open(2);
  const keys = ['a', 'b', 'c', 'd'];
  expect(await Promise.all(keys.map((key) => answers.get(key, answering(true))))).toEqual(
    keys.map(() => true),
  );
});
