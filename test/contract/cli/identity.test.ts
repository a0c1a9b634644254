import { readFile, stat, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import * as examples from '../../support/operator-examples';
import { openPlace, type Place } from './home';

let place: Place;
let path: string;
beforeEach(async () => {
  place = await openPlace();
  path = join(place.home, 'config', 'windlass', 'config.yaml');
  place.api.answer('me', examples.me);
  place.api.answer('listFreezes', examples.freezes);
});
afterEach(() => place.close());

/** Nothing but what was logged in to. */
const nothing = { WINDLASS_SERVER: '', WINDLASS_TOKEN: '' };
const profiles = async () => parse(await readFile(path, 'utf8')) as unknown;

describe('windlass login', () => {
  it('reads the token from standard input, shows the caller, and keeps both', async () => {
    const line = ['login', '--server', place.api.url, '--token-stdin'];
    const { code, out, err } = await place.run(line, { env: nothing, input: `${place.api.token}\n` });
    expect(code).toBe(0);
    expect(out).toBe(
      `\
Name:      oidc:alice
Groups:    oidc:sre
Known by:  oidc
May:       get, promote, approve (in all namespaces)`.replace(
        'get, promote, approve',
        examples.me.allowed.join(', '),
      ),
    );
    expect(`${out}${err}`).not.toContain(place.api.token);
    expect(await profiles()).toEqual({
      current: 'default',
      profiles: { default: { server: place.api.url, token: place.api.token } },
    });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await place.run('get freezes', { env: nothing })).code).toBe(0);
  });

  it('asks for the token on a terminal', async () => {
    const line = ['login', '--server', place.api.url, '--profile', 'test'];
    const { code } = await place.run(line, { env: nothing, answers: [place.api.token] });
    expect(code).toBe(0);
    expect(await profiles()).toMatchObject({ current: 'test' });
  });

  it('keeps nothing that the server does not know', async () => {
    const line = ['login', '--server', place.api.url, '--token-stdin'];
    const { code } = await place.run(line, { env: nothing, input: 'wrong-token' });
    expect(code).toBe(3);
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });

  it('shows what the server says about the token', async () => {
    place.api.answer('me', { ...examples.me, groups: [], warning: 'The issuer left the groups out.' });
    const line = ['login', '--server', place.api.url, '--token-stdin'];
    const { err } = await place.run(line, { env: nothing, input: place.api.token });
    expect(err).toContain('Warning: The issuer left the groups out.');
  });

  it.each([
    [['login'], '', 'Name the server'],
    [['login', '--server', 'https://a.example.com'], '', '--token-stdin'],
    [['login', '--server', 'https://a.example.com', '--token-stdin'], 'two words', 'not one token'],
    [['login', '--server', 'http://a.example.com', '--token-stdin'], 'x', 'in plain text'],
    [
      ['login', '--server', 'https://a.example.com', '--oidc-issuer-url', 'https://b.example.com'],
      '',
      '--oidc-client-id',
    ],
  ])('%j is refused', async (line, input, says) => {
    const { code, err } = await place.run(line, { env: nothing, input });
    expect(code).toBe(2);
    expect(err).toContain(says);
  });
});

describe('windlass logout', () => {
  it('forgets the token and keeps the server', async () => {
    const line = ['login', '--server', place.api.url, '--token-stdin'];
    await place.run(line, { env: nothing, input: place.api.token });
    expect((await place.run('logout', { env: nothing })).code).toBe(0);
    expect(await readFile(path, 'utf8')).not.toContain(place.api.token);
    expect(await profiles()).toMatchObject({ profiles: { default: { server: place.api.url } } });
    const { code, err } = await place.run('get freezes', { env: nothing });
    expect(code).toBe(3);
    expect(err).toContain('There is no token for');
  });

  it('without a login does nothing', async () => {
    const { code, err } = await place.run('logout', { env: nothing });
    expect([code, err]).toEqual([0, 'The profile default has no token.']);
  });
});

describe('windlass whoami', () => {
  it('says what the caller may do on a Pipeline', async () => {
    const { out } = await place.run('whoami apps/shop');
    expect(place.api.requests[0]?.query).toEqual({ namespace: 'apps', name: 'shop' });
    expect(out).toContain('(apps/shop)');
  });

  it('says what the caller may do in a namespace', async () => {
    const { out } = await place.run('whoami -n apps');
    expect(place.api.requests[0]?.query).toEqual({ namespace: 'apps' });
    expect(out).toContain('(in apps)');
  });
});

describe('without any profile', () => {
  it('the local windlass dev is used, and named on standard error', async () => {
    const tokenFile = join(place.home, 'data', 'api-token');
    await mkdir(dirname(tokenFile), { recursive: true });
    await writeFile(tokenFile, place.api.token);
    const { err } = await place.run('get freezes', { env: nothing });
    expect(err).toContain(
      `Using windlass dev on this machine: http://127.0.0.1:8083, with the token in ${tokenFile}.`,
    );
  });

  it('and without windlass dev, the next step is named', async () => {
    const { code, err } = await place.run('get freezes', { env: nothing });
    expect(code).toBe(2);
    expect(err).toContain('windlass login --server URL');
  });
});
