import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FailureCode } from '../../../../src/domain/errors';
import { type Credentials } from '../../../../src/domain/credentials';
import { parseRepositoryUrl } from '../../../../src/domain/pipeline/repository-url';
import { accessTo } from '../../../../src/git/transport/remote-access';

const failure = (code: FailureCode) => expect.objectContaining({ code }) as Error;

const rules = { allowPlainHttp: false, askPassProgram: '/cache/ssh-askpass' };
const access = (url: string, credentials: Partial<Credentials>, over: Partial<typeof rules> = {}) =>
  accessTo(parseRepositoryUrl(url), { tls: {}, ...credentials }, "/dev/shm/it's", { ...rules, ...over });
const ca = readFileSync(join(__dirname, '../../../fixtures/tls/authority.pem'), 'utf8');
const basic = { username: 'bot', password: 'canary' };
/** @param cipher of OpenSSH's format, `none` for a key that is not encrypted */
const privateKey = (cipher: string): string => {
  const length = Buffer.from([0, 0, 0, cipher.length]);
  const body = Buffer.concat([Buffer.from('openssh-key-v1\0'), length, Buffer.from(cipher)]);
  return `-----BEGIN OPENSSH PRIVATE KEY-----\n${body.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`;
};
const ssh = { identity: privateKey('none'), knownHosts: 'git.example.com ssh-ed25519 AAAA\n' };

describe('access over https', () => {
  test('sends user name and password in a header', () => {
    const header = `Authorization: Basic ${Buffer.from('bot:canary').toString('base64')}`;
    expect(access('https://git.example.com/r', { basic, bearerToken: 'other' }).config).toEqual([
      ['http.extraHeader', header],
    ]);
  });

  test('sends a bearer token where there is no password', () => {
    expect(access('https://git.example.com/r', { bearerToken: 'canary' }).config).toEqual([
      ['http.extraHeader', 'Authorization: Bearer canary'],
    ]);
  });

  test('keeps a user name that is a token out of messages, as GitHub lets it be one', () => {
    const username = 'ghp_0123456789abcdefghij';
    expect(access('https://git.example.com/r', { basic: { ...basic, username } }).secrets).toContain(
      username,
    );
    expect(access('https://git.example.com/r', { basic }).secrets).not.toContain('bot');
  });

  test('lets no bearer token add a header of its own', () => {
    expect(() => access('https://git.example.com/r', { bearerToken: 'a\r\nX-Evil: 1' })).toThrow(
      failure('bad-credentials'),
    );
  });

  test('trusts an own authority besides the public ones', () => {
    const { config, files } = access('https://git.example.com/r', { basic, tls: { ca } });
    expect(config).toContainEqual(['http.sslCAInfo', "/dev/shm/it's/ca.pem"]);
    expect(files[0]?.content).toContain(ca);
    expect(files[0]?.content).toMatch(/(BEGIN CERTIFICATE[^]*){3}/);
  });

  test.each([['no PEM'], [ca.replace(/\n[\w+/]{4}/, '\n')], [`${ca}\n${ca.replaceAll('M', 'N')}`]])(
    'names a ca.crt that git would pass over',
    (broken) => {
      expect(() => access('https://git.example.com/r', { basic, tls: { ca: broken } })).toThrow(
        failure('bad-credentials'),
      );
    },
  );

  test('presents a client certificate', () => {
    const tls = { client: { certificate: 'CERT', key: 'KEY' } };
    const { config, files, secrets } = access('https://git.example.com/r', { basic, tls });
    expect(config.map(([key]) => key)).toEqual(['http.extraHeader', 'http.sslCert', 'http.sslKey']);
    expect(files.map(({ content }) => content)).toEqual(['CERT', 'KEY']);
    expect(secrets).toContain('KEY');
  });

  test.each([[{}], [{ ssh }]])('needs credentials for https: %j', (credentials) => {
    expect(() => access('https://git.example.com/r', credentials)).toThrow(failure('credentials-missing'));
  });
});

describe('access over plain http', () => {
  test.each(['http://localhost:8080/r', 'http://127.0.0.2/r', 'http://[::1]:80/r'])(
    'is had on this machine: %s',
    (url) => {
      expect(access(url, { basic }).config).toHaveLength(1);
    },
  );

  test('is refused to other machines, unless the operator allows it', () => {
    const url = 'http://git.example.com/r';
    expect(() => access(url, { basic })).toThrow(failure('plain-http'));
    expect(access(url, { basic }, { allowPlainHttp: true }).config).toHaveLength(1);
  });
});

describe('access over ssh', () => {
  test('trusts the known hosts of the Secret and offers its key, and nothing else', () => {
    const { environment, files, config } = access('git@git.example.com:r', { ssh, basic });
    const command = environment['GIT_SSH_COMMAND'] ?? '';
    expect(command).toMatch(/^ssh -F \/dev\/null /);
    for (const option of [
      `IdentityFile=/dev/shm/it'\\''s/identity`,
      'IdentitiesOnly=yes',
      'IdentityAgent=none',
      'StrictHostKeyChecking=yes',
      `UserKnownHostsFile=/dev/shm/it'\\''s/known_hosts`,
      'GlobalKnownHostsFile=/dev/null',
      'BatchMode=yes',
    ]) {
      expect(command).toContain(`-o '${option}'`);
    }
    expect(files).toEqual([
      { path: "/dev/shm/it's/identity", content: ssh.identity },
      { path: "/dev/shm/it's/known_hosts", content: ssh.knownHosts },
    ]);
    expect(config).toEqual([]);
  });

  test('gives a passphrase through a program, never in an argument', () => {
    const { environment, secrets } = access('git@git.example.com:r', {
      ssh: { ...ssh, passphrase: 'canary' },
    });
    expect(environment).toMatchObject({
      SSH_ASKPASS: '/cache/ssh-askpass',
      WINDLASS_SSH_PASSPHRASE: 'canary',
    });
    expect(environment['GIT_SSH_COMMAND']).toContain("'BatchMode=no'");
    expect(environment['GIT_SSH_COMMAND']).not.toContain('canary');
    expect(secrets).toContain('canary');
  });

  test.each([
    ['no key', 'KEY\n'],
    ['a public key', 'ssh-ed25519 AAAA you@example.com\n'],
  ])('names an identity that is %s', (_what, identity) => {
    const call = () => access('git@git.example.com:r', { ssh: { ...ssh, identity } });
    expect(call).toThrow(failure('bad-credentials'));
  });

  test.each([
    ['in the format of OpenSSH', privateKey('aes256-ctr')],
    ['in PEM', '-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIBvTBXBgkq\n-----END ENCRYPTED PRIVATE KEY-----\n'],
    [
      'in the older PEM',
      '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n',
    ],
  ])('needs the password of a key that is encrypted: %s', (_what, identity) => {
    const of = (passphrase?: string) => () =>
      access('git@git.example.com:r', {
        ssh: { ...ssh, identity, ...(passphrase === undefined ? {} : { passphrase }) },
      });
    expect(of()).toThrow(failure('credentials-missing'));
    expect(of('open sesame')).not.toThrow();
  });

  test.each([
    ['a key', {}],
    ['known hosts', { ssh: { ...ssh, knownHosts: '\n' } }],
  ])('needs %s', (_what, credentials) => {
    expect(() => access('git@git.example.com:r', credentials)).toThrow(failure('credentials-missing'));
  });
});
