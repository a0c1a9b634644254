import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { satisfies } from 'semver';
import { engines } from '../../../package.json';

const root = join(__dirname, '../../..');

/** Installs what the lock file names, as npm does, and keeps the lock file. */
const installingNpm = `#!${process.execPath}
const { appendFileSync, mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
appendFileSync(process.env.INSTALLED, JSON.stringify({ args: process.argv.slice(2), packages }) + '\\n');
for (const [path, { version }] of Object.entries(packages)) {
  if (path === '') continue;
  mkdirSync(path + '/bin', { recursive: true });
  writeFileSync(path + '/bin/node', '#!/bin/sh\\necho v' + (process.env.INSTALLED_VERSION || version), { mode: 0o755 });
}
`;

interface Installed {
  readonly args: readonly string[];
  readonly packages: Readonly<Record<string, { readonly version: string; readonly integrity?: string }>>;
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'use-node-'));
  await useNpm(installingNpm);
});
afterEach(() => rm(directory, { recursive: true }));

async function useNpm(program: string): Promise<void> {
  const bin = join(directory, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'npm'), program);
  await chmod(join(bin, 'npm'), 0o755);
}

function installed(): Installed[] {
  const file = join(directory, 'installed');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Installed);
}

/** A shell line as npm runs its scripts, on a machine with that Node. */
async function shell(line: string, version: string, environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = spawn('/bin/sh', ['-c', line], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      WINDLASS_NODE: '',
      PATH: [join(directory, 'bin'), dirname(process.execPath), process.env['PATH']].join(delimiter),
      NODE_OPTIONS: `--require ${join(root, 'test/support/pretend-node-version.cjs')}`,
      PRETENDED_NODE: version,
      XDG_CACHE_HOME: join(directory, 'cache'),
      INSTALLED: join(directory, 'installed'),
      ...environment,
    },
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, stdout: stdout.trim(), stderr };
}

const line = '. ./scripts/use-node.sh && node --version';
const versions = ['18.20.8', '20.20.2', '22.14.0', '22.15.0', '22.23.3', '23.11.1', '24.0.0', '26.1.0'];

it.each(versions)('takes Node %s as `engines` does', async (version) => {
  const { code, stderr } = await shell(line, version);
  expect({ code, fetched: installed().length }).toEqual({
    code: 0,
    fetched: satisfies(version, engines.node) ? 0 : 1,
  });
  expect(stderr === '').toBe(satisfies(version, engines.node));
});

it('these tests run on a Node that `engines` allows, and on the one that was asked for', () => {
  expect(satisfies(process.versions.node, engines.node)).toBe(true);
  const [major] = process.versions.node.split('.');
  expect(process.env['WINDLASS_NODE'] ?? major).toBe(major);
});

describe('on a Node that is too old', () => {
  it('runs what follows on the pinned one, whose hash npm compares', async () => {
    const { stdout } = await shell(line, '20.20.2');
    const [{ args, packages } = { args: [], packages: {} }] = installed();
    const [, node] = Object.values(packages);
    expect(stdout).toBe(`v${node?.version}`);
    expect(node?.integrity).toMatch(/^sha512-/);
    expect(args).toEqual(expect.arrayContaining(['ci', '--ignore-scripts']));
  });

  it('fetches it once, also for two that start at once', async () => {
    const ended = await Promise.all([shell(line, '20.20.2'), shell(line, '20.20.2')]);
    ended.push(await shell(line, '18.20.8'));
    expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(installed()).toHaveLength(1);
  });

  it('says what to do where npm cannot fetch it, runs nothing and leaves nothing', async () => {
    await useNpm('#!/bin/sh\necho "npm error code ENOTFOUND" >&2\nexit 1\n');
    const { code, stdout, stderr } = await shell(`${line}; echo after $?`, '20.20.2');
    expect(stdout).toBe('after 1');
    expect(code).toBe(0);
    expect(stderr).toMatch(/registry is not reachable[\s\S]*Or install Node 24 yourself/);
    expect(readdirSync(join(directory, 'cache/windlass/node'))).toEqual([]);
  });

  it('says what to do where npm is missing', async () => {
    const bin = join(directory, 'only-node');
    await mkdir(bin);
    await writeFile(join(bin, 'node'), `#!/bin/sh\nexec ${process.execPath} "$@"\n`, { mode: 0o755 });
    const { code, stderr } = await shell(line, '20.20.2', { PATH: bin });
    expect(code).toBe(1);
    expect(stderr).toContain('npm is missing');
  });

  it('says what to do where the fetched one does not run', async () => {
    const { code, stderr } = await shell(line, '20.20.2', { INSTALLED_VERSION: '0.0.0' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/does not run on this machine.*install Node 24 yourself/);
    expect(readdirSync(join(directory, 'cache/windlass/node'))).toEqual([]);
  });
});

describe('WINDLASS_NODE', () => {
  it('names another than the one there is', async () => {
    expect((await shell(line, '24.1.0', { WINDLASS_NODE: '22' })).stdout).toMatch(/^v22\./);
  });

  it('is content with the one there is', async () => {
    expect((await shell(line, '22.15.0', { WINDLASS_NODE: '22' })).code).toBe(0);
    expect(installed()).toEqual([]);
  });

  it('names one that there is', async () => {
    const { code, stderr } = await shell(line, '24.1.0', { WINDLASS_NODE: '21' });
    expect(code).toBe(1);
    expect(stderr).toContain('is not 21');
  });
});
