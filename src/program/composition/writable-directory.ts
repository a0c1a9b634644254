import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError } from '../../config/configuration-error';
import { environmentVariable } from '../../config/setting';
import { settings } from '../../config/settings';

/** The flag and its variable. */
export const dataDirSetting = `--${settings.dataDir.flag} (${environmentVariable(settings.dataDir)})`;

/**
 * Makes sure that files can be made below a directory, which is made if it is not there: a worker that could not would
 * fail every promotion.
 * @param setting what the operator has to change
 * @throws ConfigurationError
 */
export async function requireWritable(directory: string, setting: string): Promise<void> {
  const probe = join(directory, `.write-test-${process.pid}`);
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(probe, '');
    await rm(probe);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigurationError([
      `${setting} is ${JSON.stringify(directory)}: it cannot be written to (${String(code)}). ` +
        'Name a directory that the user of this process may write to, on a file system that is not read-only or full.',
    ]);
  }
}
