import { join } from 'node:path';
import { installScript } from '../process/installed-script';

/**
 * ssh gets a key's passphrase from a program. This one contains no secret, so it can stay in the cache's directory:
 * memory file systems, where secrets are stored, often do not allow executing files.
 */
const program = '#!/bin/sh\nprintf \'%s\\n\' "$WINDLASS_SSH_PASSPHRASE"\n';

export function askPassProgram(cacheDirectory: string): string {
  return join(cacheDirectory, 'ssh-askpass');
}

export async function installAskPass(cacheDirectory: string): Promise<void> {
  await installScript(askPassProgram(cacheDirectory), program, 0o700);
}
