import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { chooseAccess, parseServer } from '../../../src/cli/access/choose-access';
import { profilesPath, readProfiles, writeProfiles } from '../../../src/cli/access/profiles';
import { type Surroundings } from '../../../src/cli/surroundings';

let home: string;
let path: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'windlass-profiles-'));
  path = profilesPath({ HOME: home });
});
afterEach(() => rm(home, { recursive: true }));

const profile = { server: 'https://windlass.example.com', token: 'canary-token-of-the-profile' };

async function write(text: string, mode = 0o600): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  await chmod(path, mode);
}

describe('the profile file', () => {
  it('is in ~/.config, or where XDG_CONFIG_HOME says', () => {
    expect(profilesPath({ HOME: '/home/a' })).toBe('/home/a/.config/windlass/config.yaml');
    expect(profilesPath({ HOME: '/home/a', XDG_CONFIG_HOME: '/x' })).toBe('/x/windlass/config.yaml');
  });

  it('is readable by its owner only, and so is its new folder', async () => {
    await writeProfiles(path, { current: 'a', profiles: { a: profile } });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(dirname(path))).mode & 0o777).toBe(0o700);
    expect(await readProfiles(path)).toEqual({ current: 'a', profiles: { a: profile } });
  });

  it('replaces an older one that others could read', async () => {
    await write('profiles: {}', 0o644);
    await writeProfiles(path, { profiles: { a: profile } });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it.each([0o640, 0o604, 0o660])('is refused with mode %o', async (mode) => {
    await write('profiles: {}', mode);
    await expect(readProfiles(path)).rejects.toMatchObject({
      ending: 'usage',
      message: expect.stringContaining('chmod 600'),
    });
  });

  it.each([
    '{',
    'profiles: [a]',
    'profiles: { a: { server: 1, token: canary-token-of-the-profile } }',
    'profiles: { a: { server: x, password: canary-token-of-the-profile } }',
  ])('that is invalid is refused without a word of it: %s', async (text) => {
    await write(text);
    const refusal: unknown = await readProfiles(path).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ ending: 'usage' });
    expect(String(refusal)).not.toContain('canary');
  });

  it('keeps what was there if it cannot be written', async () => {
    await writeProfiles(path, { profiles: { a: profile } });
    const before = await readFile(path, 'utf8');
    await expect(writeProfiles(join(path, 'below', 'a', 'file'), { profiles: {} })).rejects.toThrow();
    expect(await readFile(path, 'utf8')).toBe(before);
  });
});

describe('the choice of server and token', () => {
  const surroundings = (env: Record<string, string> = {}): Surroundings => ({
    terminal: undefined as never,
    env: { HOME: home, ...env },
    now: Date.now,
    pause: () => Promise.resolve(),
    dev: { server: 'http://127.0.0.1:8083', tokenFile: join(home, 'api-token') },
  });
  const file = { current: 'a', profiles: { a: profile, b: { server: 'https://b.example.com', token: 'b' } } };
  const none = { profiles: {} };

  it('is the current profile', async () => {
    const { server, token } = await chooseAccess({}, file, surroundings());
    expect([server.href, token]).toEqual(['https://windlass.example.com/', profile.token]);
  });

  it('prefers a flag to the environment, and that to the current profile', async () => {
    const env = { WINDLASS_PROFILE: 'b' };
    expect((await chooseAccess({}, file, surroundings(env))).token).toBe('b');
    expect((await chooseAccess({ profile: 'a' }, file, surroundings(env))).token).toBe(profile.token);
    const given = { WINDLASS_SERVER: 'https://c.example.com', WINDLASS_TOKEN: 'c' };
    expect(await chooseAccess({}, file, surroundings(given))).toMatchObject({ token: 'c' });
    expect(
      (await chooseAccess({ server: 'https://d.example.com' }, none, surroundings(given))).server.host,
    ).toBe('d.example.com');
  });

  it("never sends a profile's token to another server", async () => {
    const { token } = await chooseAccess({ server: 'https://evil.example.com' }, file, surroundings());
    expect(token).toBeUndefined();
  });

  it('reads the token of a file without its last line break', async () => {
    const tokenFile = join(home, 'token');
    await writeFile(tokenFile, 'from-a-file\n');
    expect((await chooseAccess({ tokenFile }, file, surroundings())).token).toBe('from-a-file');
    await writeFile(tokenFile, 'two tokens');
    await expect(chooseAccess({ tokenFile }, file, surroundings())).rejects.toThrow(
      'does not contain one token',
    );
  });

  it('is windlass dev of this machine where nothing else is named, and says so', async () => {
    await writeFile(join(home, 'api-token'), 'local\n');
    const access = await chooseAccess({}, none, surroundings());
    expect(access).toMatchObject({ token: 'local', notice: expect.stringContaining('windlass dev') });
    expect(access.server.href).toBe('http://127.0.0.1:8083/');
    expect((await chooseAccess({}, file, surroundings())).notice).toBeUndefined();
  });

  it('fails without any, with the next step', async () => {
    await expect(chooseAccess({}, none, surroundings())).rejects.toThrow('windlass login --server URL');
    await expect(chooseAccess({ profile: 'c' }, file, surroundings())).rejects.toThrow('there are a, b');
  });

  it.each([
    ['ftp://a.example.com', 'must be a URL'],
    ['windlass', 'must be a URL'],
    ['https://a.example.com/?x=1', 'must be a URL'],
    ['https://a:b@a.example.com', 'must not contain credentials'],
    ['http://a.example.com', 'in plain text'],
  ])('%s is no server', (text, because) => {
    expect(() => parseServer(text)).toThrow(because);
  });

  it.each(['http://localhost:8083', 'http://[::1]:8083', 'https://a.example.com/windlass'])(
    '%s is one',
    (text) => {
      expect(parseServer(text).href).toContain(text);
    },
  );
});
