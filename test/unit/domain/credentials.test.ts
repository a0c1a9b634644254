import { parseCredentials, type SecretData } from '../../../src/domain/credentials';

const secret = (values: Record<string, string>): SecretData =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Buffer.from(value)]));

describe('the credentials in a Secret', () => {
  it('are user name and password for Git over HTTP', () => {
    expect(parseCredentials(secret({ username: 'git', password: 'p4ss' }))).toEqual({
      basic: { username: 'git', password: 'p4ss' },
      username: 'git',
      tls: {},
    });
  });

  it('are no basic credentials with only one half of them', () => {
    expect(parseCredentials(secret({ username: 'git' }))).toEqual({ username: 'git', tls: {} });
    expect(parseCredentials(secret({ password: 'p4ss' }))).toEqual({ tls: {} });
  });

  it('lose the newline that a text editor put behind them', () => {
    expect(
      parseCredentials(
        secret({ username: 'git\n', password: 'p4ss\r\n', bearerToken: ' b \n', token: ' t\n' }),
      ),
    ).toEqual({
      basic: { username: 'git', password: 'p4ss' },
      ...{ username: 'git', bearerToken: 'b', tls: {}, token: 't' },
    });
  });

  it('keep the spaces of a password', () => {
    expect(parseCredentials(secret({ username: 'git', password: ' p4ss ' })).basic?.password).toBe(' p4ss ');
  });

  it('take an empty value for none', () => {
    expect(parseCredentials(secret({ token: '\n', bearerToken: '', identity: ' ' }))).toEqual({ tls: {} });
  });

  it('are an SSH key that ends in exactly one newline, with the password as its passphrase', () => {
    expect(
      parseCredentials(
        secret({ identity: 'KEY\n\n', known_hosts: 'host ssh-ed25519 AAAA', password: 'open sesame' }),
      ).ssh,
    ).toEqual({
      identity: 'KEY\n',
      knownHosts: 'host ssh-ed25519 AAAA\n',
      passphrase: 'open sesame',
    });
  });

  it('leave the known hosts empty where the Secret names none', () => {
    expect(parseCredentials(secret({ identity: 'KEY' })).ssh?.knownHosts).toBe('');
  });

  it.each([
    ['ca.crt', { 'ca.crt': 'NEW', caFile: 'OLD' }, { ca: 'NEW' }],
    ['caFile', { caFile: 'OLD' }, { ca: 'OLD' }],
    [
      'tls.crt and tls.key',
      { 'tls.crt': 'C', 'tls.key': 'K', certFile: 'old', keyFile: 'old' },
      { client: { certificate: 'C', key: 'K' } },
    ],
    ['certFile and keyFile', { certFile: 'C', keyFile: 'K' }, { client: { certificate: 'C', key: 'K' } }],
    ['a certificate without its key', { 'tls.crt': 'C' }, {}],
  ])('take TLS material from %s', (_, values, tls) => {
    expect(parseCredentials(secret(values)).tls).toEqual(tls);
  });

  it('serve both references from one Secret, whatever else is in it', () => {
    expect(parseCredentials(secret({ 'hmac-key': 'k', token: 't', username: 'u', password: 'p' }))).toEqual({
      basic: { username: 'u', password: 'p' },
      username: 'u',
      tls: {},
      token: 't',
    });
  });
});
