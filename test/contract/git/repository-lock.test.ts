import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRepositoryLocks } from '../../../src/git/cache/repository-lock';

let directory: string;
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'repository-lock-')), 'locks');
  mkdirSync(directory);
});
afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }));

const signal = () => new AbortController().signal;
const leave = (content: string) => writeFileSync(join(directory, 'a.lock'), content);
const foreign = JSON.stringify({ machine: 'elsewhere', pid: 1, token: 'theirs' });

describe('the lock of a repository', () => {
  test('is held by one at a time, in the order of asking', async () => {
    const locks = createRepositoryLocks(directory);
    const order: string[] = [];
    const work = async (name: string) => {
      const lock = await locks.acquire('a', signal());
      order.push(`${name} in`);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(`${name} out`);
      await lock.release();
    };
    await Promise.all(['1', '2', '3'].map(work));
    expect(order).toEqual(['1 in', '1 out', '2 in', '2 out', '3 in', '3 out']);
    expect(readdirSync(directory)).toEqual([]);
  });

  test('is refused to whoever does not wait, inside the process and out', async () => {
    const [here, there] = [createRepositoryLocks(directory), createRepositoryLocks(directory)];
    const lock = await here.acquire('a', signal());
    expect(await here.tryAcquire('a')).toBeUndefined();
    expect(await here.tryAcquire('b')).toBeDefined();
    leave(foreign);
    expect(await there.tryAcquire('a')).toBeUndefined();
    await lock.release();
  });

  test('outlives its release when somebody else has it by now', async () => {
    const locks = createRepositoryLocks(directory);
    const lock = await locks.acquire('a', signal());
    leave(foreign);
    await lock.release();
    expect(readdirSync(directory)).toEqual(['a.lock']);
  });

  test('of another machine is taken only when it stays untouched', async () => {
    leave(foreign);
    const cancelling = new AbortController();
    const waiting = createRepositoryLocks(directory).acquire('a', cancelling.signal);
    cancelling.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    const lock = await createRepositoryLocks(directory, 1).acquire('a', signal());
    expect(readdirSync(directory)).toEqual(['a.lock']);
    await lock.release();
    expect(readdirSync(directory)).toEqual([]);
  });

  test.each(['', '{', '{"pid":-1}'])(
    'with the content %j, half-written by a killed process, is taken the same way',
    async (content) => {
      leave(content);
      const lock = await createRepositoryLocks(directory, 1).acquire('a', signal());
      await lock.release();
      expect(readdirSync(directory)).toEqual([]);
    },
  );

  test('that was untouched for long is no hindrance to eviction', async () => {
    leave(foreign);
    utimesSync(join(directory, 'a.lock'), 1, 1);
    const lock = await createRepositoryLocks(directory).tryAcquire('a');
    expect(lock).toBeDefined();
    await lock?.release();
  });

  test('is not taken for dead by the number of a process on another machine', async () => {
    leave(
      JSON.stringify({ machine: `${hostname()} pid:[another namespace]`, pid: 2 ** 22, token: 'theirs' }),
    );
    expect(await createRepositoryLocks(directory).tryAcquire('a')).toBeUndefined();
  });
});
