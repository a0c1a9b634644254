import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requireWritable } from '../../../src/program/composition/writable-directory';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'windlass-data-'));
});
afterEach(() => rm(directory, { recursive: true }));

it('a directory that cannot be written to is refused with its setting', async () => {
  const file = join(directory, 'file');
  await writeFile(file, '');
  await expect(requireWritable(join(file, 'data'), '--data-dir')).rejects.toThrow(
    /--data-dir is ".*\/file\/data": it cannot be written to \(ENOTDIR\)/,
  );
  await expect(requireWritable(join(directory, 'made', 'for', 'us'), '--data-dir')).resolves.toBeUndefined();
});
