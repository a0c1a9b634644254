import { existsSync, mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { withPrivateDirectory } from '../../../../src/git/process/private-directory';

describe('a private directory', () => {
  test('is nobody else’s, and gone afterwards, whatever happened in it', async () => {
    let seen = '';
    const using = withPrivateDirectory((directory) => {
      seen = directory;
      writeFileSync(join(directory, 'key'), 'secret');
      expect(statSync(directory).mode & 0o777).toBe(0o700);
      throw new Error('failed inside');
    });
    await expect(using).rejects.toThrow('failed inside');
    expect(existsSync(seen)).toBe(false);
  });

  test('of a killed process goes with a later one; a young one may be in use', async () => {
    const root = await withPrivateDirectory((directory) => Promise.resolve(dirname(directory)));
    const [old, young] = [randomUUID(), randomUUID()].map((name) => join(root, `windlass-git-${name}`));
    for (const directory of [old!, young!]) mkdirSync(directory);
    utimesSync(old!, 1, 1);
    await withPrivateDirectory(() => Promise.resolve());
    expect([existsSync(old!), existsSync(young!)]).toEqual([false, true]);
    await withPrivateDirectory((directory) => {
      utimesSync(young!, 1, 1);
      return Promise.resolve(directory);
    });
    await withPrivateDirectory(() => Promise.resolve());
    expect(existsSync(young!)).toBe(false);
  });
});
