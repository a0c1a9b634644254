import { mkdir, rename, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

/**
 * ssh asks a program for a key's passphrase. This one holds no secret, so it may stay in the cache's directory: memory
 * file systems, where secrets go, often refuse to execute.
 */
const program = '#!/bin/sh\nprintf \'%s\\n\' "$WINDLASS_SSH_PASSPHRASE"\n';

export function askPassProgram(cacheDirectory: string): string {
  return join(cacheDirectory, 'ssh-askpass');
}

export async function installAskPass(cacheDirectory: string): Promise<void> {
  const temporary = join(cacheDirectory, `ssh-askpass-${randomUUID()}`);
  await mkdir(cacheDirectory, { recursive: true });
  await writeFile(temporary, program, { mode: 0o700 });
  await rename(temporary, askPassProgram(cacheDirectory));
}
