import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { downloadTemporal } from './download';
import { EmbeddedTemporalError } from './embedded-temporal-error';
import { type TemporalRelease, temporalReleaseFor } from './release';

export interface FindTemporalOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Called with progress messages during the download. */
  readonly report: (progress: string) => void;
  /** The release to download if no executable is found; default: the pinned one for this machine. */
  readonly release?: TemporalRelease;
}

/**
 * Finds the Temporal CLI, which includes the development server: `WINDLASS_TEMPORAL_CLI`, else `temporal` on PATH, else
 * the one in the cache, which is downloaded the first time.
 * @returns the path of an executable file
 * @throws EmbeddedTemporalError if there is none and none can be downloaded
 */
export async function findTemporalExecutable(options: FindTemporalOptions): Promise<string> {
  const { env } = options;
  const named = env['WINDLASS_TEMPORAL_CLI'];
  if (named) {
    if (await isExecutable(named)) return named;
    throw new EmbeddedTemporalError(
      `WINDLASS_TEMPORAL_CLI is ${named}, which is not an executable file. Fix it, or unset it to let Windlass find Temporal itself.`,
    );
  }
  for (const directory of (env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
    const candidate = join(directory, 'temporal');
    if (await isExecutable(candidate)) return candidate;
  }
  const release = options.release ?? temporalReleaseFor(process.platform, process.arch);
  const cached = join(cacheDirectory(env), `temporal-${release.version}`);
  if (!(await isExecutable(cached))) await downloadTemporal({ ...options, release, target: cached });
  return cached;
}

/** `$XDG_CACHE_HOME/windlass`, default `~/.cache/windlass` (XDG Base Directory Specification). */
function cacheDirectory(env: NodeJS.ProcessEnv): string {
  return join(env['XDG_CACHE_HOME'] || join(env['HOME'] ?? homedir(), '.cache'), 'windlass');
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
