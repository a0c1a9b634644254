import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Forge, startForge } from '../../../demo/forge/forge';
import { git, tryGit } from '../../../demo/forge/git';

const token = 'forge-token';
const repository = 'acme/fleet';

let directory: string;
let forge: Forge;

function withToken(secret: string): string[] {
  const basic = Buffer.from(`anybody:${secret}`).toString('base64');
  return ['-c', `http.extraHeader=Authorization: Basic ${basic}`];
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'forge-git-'));
  forge = await startForge({ directory: join(directory, 'forge'), token });
  await forge.createRepository(repository, {
    'apps/dev/app.yaml': 'version: 1.0.0\n',
    'README.md': 'Fleet\n',
  });
});

afterEach(async () => {
  await forge.close();
  await rm(directory, { recursive: true, force: true });
});

async function clone(name: string, ...options: string[]): Promise<string> {
  await git(directory, [
    ...withToken(token),
    'clone',
    '--quiet',
    ...options,
    `${forge.url}/${repository}.git`,
    name,
  ]);
  return join(directory, name);
}

describe('the forge over Git', () => {
  it('serves a clone', async () => {
    const work = await clone('work');
    expect(await readFile(join(work, 'apps/dev/app.yaml'), 'utf8')).toBe('version: 1.0.0\n');
  });

  it('speaks protocol version 2', async () => {
    const { stderr } = await tryGit(
      directory,
      [...withToken(token), 'ls-remote', `${forge.url}/${repository}.git`],
      {
        environment: { GIT_TRACE_PACKET: '1' },
      },
    );
    expect(stderr).toContain('version 2');
  });

  it('serves a shallow and partial clone without a checkout', async () => {
    await forge.commit(repository, 'main', { 'README.md': 'Fleet 2\n' }, 'More');
    const work = await clone('thin', '--bare', '--depth=1', '--filter=blob:none');
    expect((await git(work, ['rev-list', '--count', 'HEAD'])).trim()).toBe('1');
  });

  it('takes a push, and tells who listens before the client gets its answer', async () => {
    const work = await clone('work');
    const told: unknown[] = [];
    forge.onPush((push) => void told.push(push));
    await writeFile(join(work, 'README.md'), 'Changed\n');
    await git(work, ['commit', '--quiet', '-am', 'Change']);
    await git(work, [...withToken(token), 'push', '--quiet', 'origin', 'HEAD:refs/heads/topic']);
    const after = (await git(work, ['rev-parse', 'HEAD'])).trim();
    expect(told).toEqual([{ repository, branch: 'topic', after }]);
    expect(await forge.readFile(repository, 'topic', 'README.md')).toBe('Changed\n');
  });

  it('refuses a push whose lease is lost', async () => {
    const work = await clone('work');
    const seen = (await git(work, ['rev-parse', 'HEAD'])).trim();
    const newest = await forge.commit(repository, 'main', { 'README.md': 'Somebody else\n' }, 'Faster');
    await writeFile(join(work, 'README.md'), 'Changed\n');
    await git(work, ['commit', '--quiet', '-am', 'Change']);
    const push = await tryGit(work, [
      ...withToken(token),
      'push',
      '--porcelain',
      `--force-with-lease=main:${seen}`,
      'origin',
      'HEAD:main',
    ]);
    expect(push.stdout).toContain('[rejected] (stale info)');
    expect((await forge.branches(repository)).get('main')).toBe(newest);
  });

  it('lets nobody push to refs/pull', async () => {
    const work = await clone('work');
    const push = await tryGit(work, [...withToken(token), 'push', 'origin', 'HEAD:refs/pull/1/head']);
    expect(push.status).not.toBe(0);
  });

  it.each([
    ['a wrong token', withToken('wrong')],
    ['no token', []],
  ])('refuses %s', async (_name, options) => {
    const result = await tryGit(directory, [...options, 'ls-remote', `${forge.url}/${repository}.git`]);
    expect(result.status).not.toBe(0);
    expect(result.stderr).toMatch(/Authentication failed|could not read Username/);
  });

  it('has no repository that nobody made', async () => {
    const result = await tryGit(directory, [...withToken(token), 'ls-remote', `${forge.url}/acme/other.git`]);
    expect(result.stderr).toContain('not found');
  });

  it('refuses the dumb protocol', async () => {
    const response = await fetch(`${forge.url}/${repository}.git/HEAD`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(404);
  });

  it('fails as often as it was told to, then works again', async () => {
    forge.failNext('git', { answer: 502, times: 1 });
    const remote = `${forge.url}/${repository}.git`;
    expect((await tryGit(directory, [...withToken(token), 'ls-remote', remote])).stderr).toContain('502');
    expect((await tryGit(directory, [...withToken(token), 'ls-remote', remote])).status).toBe(0);
  });
});
