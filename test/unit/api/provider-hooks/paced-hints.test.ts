import pino from 'pino';
import { pacedHints } from '../../../../src/api/provider-hooks/paced-hints';
import { type FollowedRepository } from '../../../../src/domain/promotion/followed-repository';

const log = pino({ level: 'silent' });
const repository = (secretName: string): FollowedRepository => ({
  namespace: 'apps',
  secretName,
  provider: 'github',
  url: 'https://github.com/example/fleet',
});

let sent: string[];
let failing: boolean;
const hints = {
  look: ({ secretName }: FollowedRepository) => {
    sent.push(secretName);
    return failing ? Promise.reject(new Error('away')) : Promise.resolve();
  },
};

beforeEach(() => {
  jest.useFakeTimers();
  sent = [];
  failing = false;
});
afterEach(() => jest.useRealTimers());

it('sends the first hint at once, and all others of the interval as one at its end', async () => {
  const paced = pacedHints(hints, log);
  for (let i = 0; i < 100; i += 1) await paced.look(repository('a'), 1_000);
  expect(sent).toEqual(['a']);
  await jest.advanceTimersByTimeAsync(5_000);
  expect(sent).toEqual(['a', 'a']);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(sent).toEqual(['a', 'a']);
});

it('sends nothing at the end of an interval without a further hint', async () => {
  const paced = pacedHints(hints, log);
  await paced.look(repository('a'), 1_000);
  await jest.advanceTimersByTimeAsync(60_000);
  await paced.look(repository('a'), 1_000);
  expect(sent).toEqual(['a', 'a']);
});

it('keeps repositories apart', async () => {
  const paced = pacedHints(hints, log);
  await paced.look(repository('a'), 1_000);
  await paced.look(repository('b'), 1_000);
  expect(sent).toEqual(['a', 'b']);
});

it('sends the next hint at once after one that failed', async () => {
  const paced = pacedHints(hints, log);
  failing = true;
  await expect(paced.look(repository('a'), 1_000)).rejects.toThrow('away');
  failing = false;
  await paced.look(repository('a'), 1_000);
  expect(sent).toEqual(['a', 'a']);
});

it('survives a failure that no request waits for', async () => {
  const paced = pacedHints(hints, log);
  await paced.look(repository('a'), 1_000);
  await paced.look(repository('a'), 1_000);
  failing = true;
  await jest.advanceTimersByTimeAsync(5_000);
  failing = false;
  await paced.look(repository('a'), 1_000);
  expect(sent).toEqual(['a', 'a', 'a']);
});
