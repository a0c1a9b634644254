/**
 * Runs git within limits that the kernel enforces, so that a hostile repository or server ends git and not the worker.
 * Node cannot set limits for a child process, hence a shell script that sets its own and becomes git. Git's own child
 * processes inherit them.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileExists } from './file-exists';
import { type ConfigEntry } from './git-environment';
import { installScript } from './installed-script';

const mebibyte = 1024 * 1024;

/**
 * Of each process of git. To receive a repository of a million files takes about 80 MiB, one of 20,000 manifests less than
 * 20 MiB.
 */
const maxDataBytes = 192 * mebibyte;
/** A command is ended after less; this is for the processes of a worker that was killed. */
const maxCpuSeconds = 150;

/** A command and its first argument: a shell, and the script that becomes git. */
export type Program = readonly [command: string, script: string];

/**
 * Writes the script into the directory where it is absent.
 * @param directory where scripts may stay; the script contains no secret
 * @param maxFileBytes of a file that git writes, such as a received pack
 */
export async function installLimitedGit(directory: string, maxFileBytes: number): Promise<Program> {
  const text = script(maxFileBytes);
  const name = `git-${createHash('sha256').update(text).digest('hex').slice(0, 12)}.sh`;
  const path = join(directory, name);
  if (!(await fileExists(path))) await installScript(path, text, 0o600);
  return ['sh', path];
}

/** `ulimit` counts memory in KiB and files in blocks of 512 bytes. A limit that the system does not know is left out. */
function script(maxFileBytes: number): string {
  return `ulimit -c 0 2>/dev/null
ulimit -d ${maxDataBytes / 1024} 2>/dev/null
ulimit -f ${Math.ceil(maxFileBytes / 512)} 2>/dev/null
ulimit -t ${maxCpuSeconds} 2>/dev/null
# Then git gets an error, which it reports, instead of a signal that ends it without a word.
trap '' XFSZ 2>/dev/null
# Where memory runs out all the same, the kernel ends git first.
echo 900 2>/dev/null >/proc/self/oom_score_adj
exec git "$@"
`;
}

/** Settings of git that keep ordinary work far below the limits. */
export const frugalConfig: readonly ConfigEntry[] = [
  // Each thread has a stack and buffers of its own, and a large machine would start many.
  ['pack.threads', '1'],
  ['grep.threads', '1'],
  ['core.deltaBaseCacheLimit', '16m'],
  ['core.packedGitWindowSize', '16m'],
  ['core.packedGitLimit', '64m'],
  // Larger objects are streamed where git can.
  ['core.bigFileThreshold', '8m'],
];

/** Whether git reached one of the limits, by its own words or those of its child processes; not the server's. */
export function isBeyondLimits(output: string): boolean {
  return /^(?!remote:|error: remote |fatal: remote error).*(out of memory|cannot allocate memory|file too large)/im.test(
    output,
  );
}
